//! The `onrecord` binary. It speaks terminal; what it says comes from the `onrecord` library.

mod eval;
mod explain;
mod export;
mod failure;
mod find;
mod ingest;
mod inputs;
mod output;
mod plain;
mod progress;
mod read;
mod render;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use onrecord::page::{Format, Hints};
use onrecord::text::PartialDate;

/// Reads news and puts every statement on the record: who said what, with the exact characters of the article.
#[derive(Parser)]
#[command(name = "onrecord", version, max_term_width = 100, after_help = failure::EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Prints the statements of articles
    Read(ReadArgs),
    /// Prints why each statement was found, and what was nearly found
    Explain(ExplainArgs),
    /// Reads articles and keeps their statements in a store
    Ingest(IngestArgs),
    /// Finds statements in a store
    Search(SearchArgs),
    /// Prints what somebody said, and what others said about them
    Who(WhoArgs),
    /// Follows a quotation from article to article
    Lineage(LineageArgs),
    /// Prints what changed between versions of an article
    Changes(ChangesArgs),
    /// Decides on statements and people; decisions outlast another reading
    Correct(CorrectArgs),
    /// Writes a store's statements in other formats
    Export(ExportArgs),
    /// Checks that a store is as it was written: texts, spans, findings, decisions, search
    Verify(StoreArgs),
    /// Gets the articles and decisions out of a damaged store that are as they were written
    Salvage(SalvageArgs),
    /// Measures accuracy on annotated articles
    #[command(subcommand)]
    Eval(EvalCommand),
}

#[derive(Args)]
struct ReadArgs {
    #[command(flatten)]
    input: InputArgs,
    /// What to print [default: text on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
    /// Report events too: who did what to whom, according to whom. Experimental
    #[arg(long)]
    events: bool,
    /// How many threads read articles; the output is the same at any number
    #[arg(long, value_name = "N", default_value_t = std::thread::available_parallelism().map_or(1, |n| n.get()),
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    threads: usize,
}

#[derive(Args)]
struct ExplainArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Explain event reports too. Experimental
    #[arg(long)]
    events: bool,
}

#[derive(Args)]
struct StoreArgs {
    /// The store: one SQLite file
    #[arg(long, value_name = "FILE", env = "ONRECORD_STORE")]
    store: PathBuf,
}

#[derive(Args)]
struct IngestArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    store: StoreArgs,
    /// Go on reading what comes into the folders, until Ctrl-C
    #[arg(long)]
    watch: bool,
    /// Stop at the first bad document instead of reporting and skipping it
    #[arg(long)]
    strict: bool,
    /// How many threads read articles; the store is the same at any number
    #[arg(long, value_name = "N", default_value_t = std::thread::available_parallelism().map_or(1, |n| n.get()),
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    threads: usize,
}

#[derive(Args)]
struct PageArgs {
    /// How many statements to print
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = rows())]
    limit: usize,
    /// How many to pass over: a page is --limit 20 --skip 20
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = rows())]
    skip: usize,
    /// What to print [default: text on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
}

/// A number of rows: no more than SQLite can count.
fn rows() -> clap::builder::RangedU64ValueParser<usize> {
    clap::builder::RangedU64ValueParser::<usize>::new().range(..=1 << 40)
}

#[derive(Args)]
#[command(after_help = find::QUERIES)]
struct SearchArgs {
    /// Words that were said, and filters; see below
    #[arg(required = true, value_name = "QUERY", num_args = 1..)]
    query: Vec<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// Which come first
    #[arg(long, value_enum, default_value_t = OrderArg::Newest)]
    order: OrderArg,
    /// Begin after this statement, the last one of the page before: 12.s3, or its address. What came in since moves nothing
    #[arg(long, value_name = "STATEMENT", conflicts_with = "skip")]
    after: Option<String>,
    #[command(flatten)]
    page: PageArgs,
    /// Print how SQLite goes about the query, and how long it took, instead of what it finds
    #[arg(long)]
    plan: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum OrderArg {
    /// Published last
    Newest,
    /// Published first
    Oldest,
    /// Those in which the words weigh most
    Best,
}

#[derive(Args)]
struct WhoArgs {
    /// A name, or the number that this command prints for somebody: p12
    name: String,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Args)]
struct LineageArgs {
    /// A statement (12.s3, or its address), or the words of a quotation
    quotation: String,
    #[command(flatten)]
    store: StoreArgs,
    /// What to print [default: text on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
}

#[derive(Args)]
struct ChangesArgs {
    /// The article: its number in the store, its web address, or the name under which it came
    article: String,
    #[command(flatten)]
    store: StoreArgs,
    /// What to print [default: text on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
}

#[derive(Args)]
struct ExportArgs {
    /// Which statements, as in search [default: all]
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// The format
    #[arg(long, value_enum)]
    format: ExportFormat,
    /// The file, or for brat the folder; - is standard output
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// In CSV, put an apostrophe before text that a spreadsheet would take for a formula
    #[arg(long)]
    plain_cells: bool,
}

#[derive(Args)]
struct SalvageArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Where to put what is sound: a new store, or JSON Lines where the name ends with .jsonl; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum ExportFormat {
    /// Wire format 1, an article a line
    Jsonl,
    /// A statement a row; spans as lists
    Parquet,
    /// A statement a row; spans as text
    Csv,
    /// W3C Web Annotation
    Webannotation,
    /// brat standoff, a folder
    Brat,
    /// FollowTheMoney entities, one a line
    Ftm,
}

#[derive(Args)]
struct CorrectArgs {
    #[command(subcommand)]
    what: Correction,
    /// The store: one SQLite file
    // Stands before or behind what is decided; clap has no required option that does.
    #[arg(long, value_name = "FILE", env = "ONRECORD_STORE", global = true)]
    store: Option<PathBuf>,
    /// Who decides; the decision keeps the name
    #[arg(long, value_name = "NAME", env = "ONRECORD_BY", global = true)]
    by: Option<String>,
}

#[derive(Subcommand)]
enum Correction {
    /// The statement is right
    Accept {
        /// The statement: 12.s3, or its address
        statement: String,
    },
    /// The statement is wrong: search and exports leave it out
    Reject {
        /// The statement: 12.s3, or its address
        statement: String,
    },
    /// A field of the statement is this
    Set {
        /// The statement: 12.s3, or its address
        statement: String,
        /// Which field
        #[arg(value_enum)]
        field: FieldArg,
        /// Its value: a name or a number that `who` prints (p12), a role, a date
        value: String,
    },
    /// Two people are one
    Merge {
        /// A number that `who` prints: p12
        person: String,
        /// The other one
        other: String,
    },
    /// The speaker of a statement is not the one of that name in other articles
    Split {
        /// The statement: 12.s3, or its address
        statement: String,
    },
    /// Takes a decision back
    Undo {
        /// The number that `list` prints
        decision: i64,
    },
    /// Prints all decisions
    List,
}

#[derive(Clone, Copy, ValueEnum)]
enum FieldArg {
    /// Who said it
    Speaker,
    /// In which office
    Role,
    /// On which day: 2015-12-03
    Said,
}

#[derive(Args)]
struct InputArgs {
    /// Files or folders of articles; - is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What the inputs are, where neither name nor content tell
    #[arg(long, value_enum, value_name = "KIND")]
    from: Option<InputFormat>,
    /// The article's date of publication: 2015-12-03, 2015-12 or 2015
    #[arg(long, value_name = "DATE")]
    published: Option<PartialDate>,
    /// The article's web address
    #[arg(long)]
    url: Option<String>,
    /// The article's publisher
    #[arg(long)]
    outlet: Option<String>,
}

impl InputArgs {
    fn hints(&self) -> Hints {
        Hints {
            url: self.url.clone(),
            outlet: self.outlet.clone(),
            published: self.published,
            ..Hints::default()
        }
    }

    fn format(&self) -> Option<Format> {
        self.from.map(|from| match from {
            InputFormat::Html => Format::Html,
            InputFormat::Text => Format::Text,
            InputFormat::Jsonl => Format::JsonLines,
            InputFormat::Json => Format::Json,
            InputFormat::Feed => Format::Feed,
            InputFormat::Newsml => Format::NewsMl,
            InputFormat::Warc => Format::Warc,
        })
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum InputFormat {
    /// A web page
    Html,
    /// Plain text
    Text,
    /// One JSON document a line
    Jsonl,
    /// One JSON document or a list: text or html, a ninjs item, a JSON Feed
    Json,
    /// RSS or Atom
    Feed,
    /// NewsML-G2 or NITF
    Newsml,
    /// A web archive
    Warc,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum OutputFormat {
    /// For reading: the article with its statements marked, and a list of them
    Text,
    /// For programs: wire format 1, one record a line
    Jsonl,
}

#[derive(Subcommand)]
enum EvalCommand {
    /// Source, cue, content and their relations, by the definitions of docs/ACCURACY.md
    Attribution {
        /// Annotated articles as JSON Lines (id, text, attributions with source, cue and content spans), or a folder of
        /// brat files as `export` writes them
        gold: PathBuf,
        /// Score these records (wire format 1) instead of reading the articles
        #[arg(long, value_name = "RECORDS")]
        records: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// Fail where an F1 is half a point or more below this one, as --json printed it
        #[arg(long, value_name = "JSON")]
        baseline: Option<PathBuf>,
    },
    /// Whole records: who said what, to whom, how and when
    Record {
        /// Annotated articles as JSON Lines: id, text, published, attributions with source, cue and content spans, speaker,
        /// speaker_kind, role, addressee, medium, occasion, time, parent, sure
        gold: PathBuf,
        /// Score these records (wire format 1) instead of reading the articles
        #[arg(long, value_name = "RECORDS")]
        records: Option<PathBuf>,
    },
    /// Event reports: who did what to whom, according to whom
    Events {
        /// Annotated articles as JSON Lines: id, text, published, statements (id, content), events with trigger, type, actor,
        /// recipient, status, claimant, sure, other
        gold: PathBuf,
        /// Score these records (wire format 1, read with --events) instead of reading the articles
        #[arg(long, value_name = "RECORDS")]
        records: Option<PathBuf>,
        /// The confidence from which on a report is sure [default: as the model says]
        #[arg(long, value_name = "CONFIDENCE")]
        sure: Option<f64>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Pairs of contents: whether one is a version of the other
    Lineage {
        /// JSON Lines: a and b (contents), one_speaker, same (whether they are versions), stratum, weight
        gold: PathBuf,
    },
    /// Expressions of time, read as news reads them
    Dates {
        /// JSON Lines: text, reference (the day from which it counts), values (the dates that are right)
        gold: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    failure::survive_file_limits();
    let outcome = match &cli.command {
        Command::Read(args) => read::run(&args.input, args.format, args.events, args.threads),
        Command::Explain(args) => explain::run(args),
        Command::Ingest(args) => ingest::run(args),
        Command::Search(args) => find::search(args),
        Command::Who(args) => find::who(args),
        Command::Lineage(args) => find::lineage(args),
        Command::Changes(args) => find::changes(args),
        Command::Correct(args) => find::correct(args),
        Command::Export(args) => export::run(args),
        Command::Verify(args) => find::verify(args),
        Command::Salvage(args) => export::salvage(args),
        Command::Eval(EvalCommand::Attribution { gold, records, json, baseline }) => {
            eval::attribution(gold, records.as_deref(), *json, baseline.as_deref())
        }
        Command::Eval(EvalCommand::Record { gold, records }) => eval::record(gold, records.as_deref()),
        Command::Eval(EvalCommand::Events { gold, records, sure, json }) => {
            eval::events(gold, records.as_deref(), *json, *sure)
        }
        Command::Eval(EvalCommand::Lineage { gold }) => eval::lineage(gold),
        Command::Eval(EvalCommand::Dates { gold }) => eval::dates(gold),
    };
    failure::exit_code(outcome)
}
