//! The `onrecord` binary: the terminal interface to the `onrecord` library.

#![forbid(unsafe_code)]

mod eval;
mod events;
mod explain;
mod export;
mod failure;
mod find;
mod ingest;
mod inputs;
mod mcp;
mod plain;
mod progress;
mod read;
mod render;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand, ValueEnum};
use onrecord::page::{Format, Hints};
use onrecord::text::PartialDate;
use onrecord_store::{DecidedField, Period};

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
    /// Prints why each statement was found, and what was almost found
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
    /// Finds reports of events in a store: who did what to whom, according to whom. Experimental
    Events(EventsArgs),
    /// Counts the reports of events between two parties over time, by who claims them. Experimental
    Relations(RelationsArgs),
    /// Prints rival accounts side by side: reports of the same parties and days by different claimants. Experimental
    Accounts(AccountsArgs),
    /// Records decisions on statements, events and people; they still apply when an article is read again
    Correct(CorrectArgs),
    /// Writes a store's statements or reports of events in other formats
    Export(ExportArgs),
    /// Answers an assistant over standard input and output (Model Context Protocol)
    Mcp(McpArgs),
    /// Shows a store in the browser: search, statements, articles, people; also an HTTP API and feeds
    Serve(ServeArgs),
    /// Checks that a store is intact: texts, spans, findings, decisions, search index
    Verify(StoreArgs),
    /// Recovers the intact articles and decisions of a damaged store
    Salvage(SalvageArgs),
    /// Measures accuracy on annotated articles
    #[command(subcommand)]
    Eval(EvalCommand),
}

#[derive(Args)]
struct ReadArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The output format [default: text on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
    /// Also report events: who did what to whom, according to whom. Experimental
    #[arg(long)]
    events: bool,
    /// The number of threads that read articles; the output is the same for any number
    #[arg(long, value_name = "N", default_value_t = std::thread::available_parallelism().map_or(1, |n| n.get()),
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    threads: usize,
}

#[derive(Args)]
struct ExplainArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Also explain event reports. Experimental
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
struct McpArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// The address of a server for the same store, such as http://localhost:7878; answers link to its pages
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

#[derive(Args)]
struct IngestArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    store: StoreArgs,
    /// Also store reports of events: who did what to whom, according to whom. Later ingests into this store do so,
    /// too. Experimental
    #[arg(long)]
    events: bool,
    /// Keep reading files that arrive in the folders, until Ctrl-C
    #[arg(long)]
    watch: bool,
    /// Stop at the first bad document instead of reporting and skipping it
    #[arg(long)]
    strict: bool,
    /// The number of threads that read articles; the store is the same for any number
    #[arg(long, value_name = "N", default_value_t = std::thread::available_parallelism().map_or(1, |n| n.get()),
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    threads: usize,
}

#[derive(Args)]
struct PageArgs {
    /// The maximum number of statements to print
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = rows(), allow_negative_numbers = true)]
    limit: usize,
    /// The number of statements to skip: --limit 20 --skip 20 prints the second page
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = rows(), allow_negative_numbers = true)]
    skip: usize,
    /// The output format [default: text on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
}

/// Parses a number of rows, which must not be larger than SQLite can count. A negative number is read as one, so that the
/// error names it and the numbers that are possible.
fn rows() -> clap::builder::RangedI64ValueParser<usize> {
    clap::builder::RangedI64ValueParser::<usize>::new().range(0..=1 << 40)
}

#[derive(Args)]
#[command(after_help = find::help())]
struct SearchArgs {
    /// Words that were said, and filters; see below
    #[arg(required = true, value_name = "QUERY", num_args = 1..)]
    query: Vec<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// The order of the results
    #[arg(long, value_enum, default_value_t = OrderArg::Newest)]
    order: OrderArg,
    /// Start after this statement, the last one of the previous page: 12.s3, or its address. New statements do not
    /// shift the page
    #[arg(long, value_name = "STATEMENT", conflicts_with = "skip")]
    after: Option<String>,
    #[command(flatten)]
    page: PageArgs,
    /// Print SQLite's plan for the query and the time it took, instead of the results
    #[arg(long)]
    plan: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum OrderArg {
    /// The latest published first
    Newest,
    /// The earliest published first
    Oldest,
    /// The most relevant first
    Best,
}

#[derive(Args)]
#[command(after_help = events::help())]
struct EventsArgs {
    /// Words of the reports, and filters; see below [default: all reports]
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// The maximum number of reports to print
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = rows(), allow_negative_numbers = true)]
    limit: usize,
    /// Start after this report, the last one of the previous page: 12.v3
    #[arg(long, value_name = "REPORT")]
    after: Option<String>,
    /// The output format [default: text on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
}

#[derive(Args)]
#[command(after_help = events::help())]
struct RelationsArgs {
    /// A party: an ISO 3166 alpha-3 code, a name, or a number that `who` prints (p12)
    one: String,
    /// The other party
    other: String,
    /// A query that selects the reports to count, as for `events` [default: all]
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// The period to count by
    #[arg(long, value_parser = periods(), default_value_t = Period::Month)]
    by: Period,
    /// The output format [default: text on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
}

/// Parses the period to count by.
fn periods() -> impl TypedValueParser<Value = Period> {
    named(Period::ALL.map(|period| {
        let help = match period {
            Period::Day => "By day",
            Period::Month => "By month",
            Period::Year => "By year",
        };
        (period.name(), help)
    }))
    .map(|name| Period::named(&name).expect("one of the names"))
}

/// Parses one of these names, which are shown with their descriptions.
fn named<const N: usize>(names: [(&'static str, &'static str); N]) -> PossibleValuesParser {
    PossibleValuesParser::new(names.map(|(name, help)| PossibleValue::new(name).help(help)))
}

#[derive(Args)]
#[command(after_help = events::help())]
struct AccountsArgs {
    /// A query that selects the reports to compare, as for `events` [default: all]
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// The maximum number of rival accounts to print
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = rows(), allow_negative_numbers = true)]
    limit: usize,
    /// The output format [default: text on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
}

#[derive(Args)]
struct WhoArgs {
    /// A name, or the number that this command prints for a person: p12
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
    /// The output format [default: text on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
}

#[derive(Args)]
struct ChangesArgs {
    /// The article: its number in the store, its web address, or the name under which it was ingested
    article: String,
    #[command(flatten)]
    store: StoreArgs,
    /// The output format [default: text on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
}

#[derive(Args)]
struct ExportArgs {
    /// A query that selects statements, as for `search`, or reports, as for `events` [default: all]
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// Export reports of events instead of statements, one row per report, as jsonl, parquet or csv. The formats gdelt
    /// and polecat always contain reports. Experimental
    #[arg(long)]
    events: bool,
    /// The output format
    #[arg(long, value_enum)]
    format: ExportFormat,
    /// The output file, or the folder for brat; - is standard output
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// In CSV, put an apostrophe before text that a spreadsheet would take for a formula
    #[arg(long)]
    plain_cells: bool,
}

#[derive(Args)]
struct ServeArgs {
    /// The store: one SQLite file [env: ONRECORD_STORE]
    // Only the flag conflicts with --demo. The environment variable is set for all commands.
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Serve the example archive from a temporary store instead
    #[arg(long, conflicts_with = "store")]
    demo: bool,
    /// Where to listen: a port of this machine, or an address and a port
    #[arg(long, value_name = "ADDRESS", value_parser = serve::address,
        default_value_t = std::net::SocketAddr::from(([127, 0, 0, 1], serve::PORT)))]
    listen: std::net::SocketAddr,
    /// Open the browser
    #[arg(long)]
    open: bool,
    /// Let people accept, reject and correct statements. Needs a token unless only this machine can reach the server
    #[arg(long)]
    allow_corrections: bool,
    /// The token for corrections, at least 16 characters [default: the server makes one and prints it]
    #[arg(long, env = "ONRECORD_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The web address under which others reach the server, such as https://news.example
    #[arg(long, value_name = "URL", value_parser = serve::public_url)]
    public_url: Option<String>,
}

#[derive(Args)]
struct SalvageArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Where to write the intact data: a new store, or JSON Lines if the name ends in .jsonl; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum ExportFormat {
    /// Wire format 1, one article per line; with --events, one report per line
    Jsonl,
    /// One row per statement, with spans as lists; with --events, one row per report
    Parquet,
    /// One row per statement, with spans as text; with --events, one row per report
    Csv,
    /// W3C Web Annotation; statements only
    Webannotation,
    /// brat standoff, a folder; statements only
    Brat,
    /// FollowTheMoney entities, one per line; statements only
    Ftm,
    /// Reports of events in GDELT 2.0's 61 columns, with a second file that states who claims each
    Gdelt,
    /// Reports of events in POLECAT's columns, followed by who claims them
    Polecat,
}

#[derive(Args)]
struct CorrectArgs {
    #[command(subcommand)]
    what: Correction,
    /// The store: one SQLite file
    // A global option can come before or after the subcommand. clap does not support global options that are required.
    #[arg(long, value_name = "FILE", env = "ONRECORD_STORE", global = true)]
    store: Option<PathBuf>,
    /// The name of the person who decides, which is stored with the decision
    #[arg(long, value_name = "NAME", env = "ONRECORD_BY", global = true)]
    by: Option<String>,
}

#[derive(Subcommand)]
enum Correction {
    /// Records that a statement or report is right
    Accept {
        /// The statement: 12.s3, or its address; or the report of an event: 12.v3
        #[arg(value_name = "STATEMENT")]
        name: String,
    },
    /// Records that a statement or report is wrong; search and exports then leave it out
    Reject {
        /// The statement: 12.s3, or its address; or the report of an event: 12.v3
        #[arg(value_name = "STATEMENT")]
        name: String,
    },
    /// Sets a field of a statement or report
    Set {
        /// The statement: 12.s3, or its address; or the report of an event: 12.v3
        #[arg(value_name = "STATEMENT")]
        name: String,
        /// The field to set
        #[arg(value_parser = fields())]
        field: DecidedField,
        /// The new value: a name, a number that `who` prints (p12), a role, a date, a type or a status. For an actor or
        /// recipient, also a country code. For a claimant, a statement of the same article, or `article`
        value: String,
    },
    /// Joins two people into one
    Merge {
        /// A number that `who` prints (p12), or a name
        person: String,
        /// The other person, likewise
        other: String,
    },
    /// Separates the speaker of a statement from the person of that name in other articles
    Split {
        /// The statement: 12.s3, or its address
        statement: String,
    },
    /// Takes a decision back
    Undo {
        /// The number that `list` prints
        #[arg(value_parser = number_of_decision)]
        decision: i64,
    },
    /// Prints all decisions
    List,
}

/// Parses the number of a decision.
fn number_of_decision(text: &str) -> Result<i64, String> {
    text.parse()
        .map_err(|_| "expected the number of a decision, which `onrecord correct list` prints".to_owned())
}

/// Parses the field that a decision sets.
fn fields() -> impl TypedValueParser<Value = DecidedField> {
    named(DecidedField::ALL.map(|field| {
        let help = match field {
            DecidedField::Speaker => "Who made the statement",
            DecidedField::Role => "The speaker's office or affiliation",
            DecidedField::Said => "The day on which it was said: 2015-12-03",
            DecidedField::Type => "For a report: the type of the event, such as ASSAULT",
            DecidedField::Status => "For a report: happened, planned, possible or denied",
            DecidedField::Actor => "For a report: who acts",
            DecidedField::Recipient => "For a report: to whom it is done",
            DecidedField::Claimant => "For a report: who reports the event",
        };
        (field.name(), help)
    }))
    .map(|name| DecidedField::named(&name).expect("one of the names"))
}

#[derive(Args)]
struct InputArgs {
    /// Files or folders of articles; - is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The format of the inputs, if neither name nor content shows it
    #[arg(long, value_enum, value_name = "KIND")]
    from: Option<InputFormat>,
    /// The article's date of publication: 2015-12-03, 2015-12 or 2015
    #[arg(long, value_name = "DATE")]
    published: Option<PartialDate>,
    /// The article's web address
    #[arg(long, value_parser = inputs::web_address)]
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
    /// One JSON document per line
    Jsonl,
    /// One JSON document or a list of them: text or html, a ninjs item, a JSON Feed
    Json,
    /// RSS or Atom
    Feed,
    /// NewsML-G2, NewsML 1 or NITF
    Newsml,
    /// A web archive
    Warc,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum OutputFormat {
    /// For people
    Text,
    /// For programs: one JSON object per line
    Jsonl,
}

#[derive(Subcommand)]
enum EvalCommand {
    /// Source, cue, content and their relations, as defined in docs/PROTOCOL.md
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
        /// Fail if an F1 is more than half a point below the one in this file, as printed by --json
        #[arg(long, value_name = "JSON")]
        baseline: Option<PathBuf>,
    },
    /// Whole records: who said what, to whom, how and when
    Record {
        /// Annotated articles as JSON Lines: id, text, published, attributions with source, cue and content spans,
        /// speaker, speaker_kind, role, addressee, medium, occasion, time, parent, sure
        gold: PathBuf,
        /// Score these records (wire format 1) instead of reading the articles
        #[arg(long, value_name = "RECORDS")]
        records: Option<PathBuf>,
    },
    /// Event reports: who did what to whom, according to whom
    Events {
        /// Annotated articles as JSON Lines: id, text, published, statements (id, content), events with trigger, type,
        /// actor, recipient, status, claimant, sure, other
        gold: PathBuf,
        /// Score these records (wire format 1, read with --events) instead of reading the articles
        #[arg(long, value_name = "RECORDS")]
        records: Option<PathBuf>,
        /// The confidence at which a report counts as sure [default: from the model]
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
    /// Time expressions and the dates that they mean in news
    Dates {
        /// JSON Lines: text, reference (the day that the expression is relative to), values (the dates that are right)
        gold: PathBuf,
    },
}

/// Names the whole word where an error names only its beginning, `-t`, because a negated word was taken for options.
fn name_whole_word(error: &mut clap::Error) {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg).cloned() else { return };
    let Some(ContextValue::StyledStrs(tips)) = error.get(ContextKind::Suggested) else { return };
    let is_value = tips.iter().any(|tip| tip.to_string().contains("'-- -"));
    let mut words = std::env::args_os().skip(1).filter_map(|word| word.into_string().ok());
    let word = words.find(|word| word.starts_with(&option) && *word != option);
    if let Some(word) = word.filter(|_| is_value && !option.starts_with("--")) {
        let tip = format!("to pass '{word}' as a value, use '-- {word}'");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
        error.insert(ContextKind::InvalidArg, ContextValue::String(word));
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(mut e) => {
            name_whole_word(&mut e);
            // If the terminal is gone, there is nobody left to inform.
            let _ = e.print();
            if e.kind() == ErrorKind::MissingRequiredArgument && e.to_string().contains("--store") {
                failure::note("the environment variable ONRECORD_STORE can name the store for all commands");
            }
            return ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2));
        }
    };
    failure::survive_file_limits();
    let outcome = match &cli.command {
        Command::Read(args) => read::run(&args.input, args.format, args.events, args.threads),
        Command::Explain(args) => explain::run(args),
        Command::Ingest(args) => ingest::run(args),
        Command::Search(args) => find::search(args),
        Command::Who(args) => find::who(args),
        Command::Lineage(args) => find::lineage(args),
        Command::Changes(args) => find::changes(args),
        Command::Events(args) => events::events(args),
        Command::Relations(args) => events::relations(args),
        Command::Accounts(args) => events::accounts(args),
        Command::Correct(args) => find::correct(args),
        Command::Export(args) => export::run(args),
        Command::Mcp(args) => mcp::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Verify(args) => find::verify(args),
        Command::Salvage(args) => export::salvage(args),
        Command::Eval(command) => eval::run(command),
    };
    failure::exit_code(outcome)
}
