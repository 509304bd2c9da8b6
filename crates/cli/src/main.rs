//! The `onrecord` binary. It speaks terminal; what it says comes from the `onrecord` library.

mod eval;
mod explain;
mod failure;
mod inputs;
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
    Explain(InputArgs),
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
    /// How many threads read articles; the output is the same at any number
    #[arg(long, value_name = "N", default_value_t = std::thread::available_parallelism().map_or(1, |n| n.get()),
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    threads: usize,
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
        /// Annotated articles as JSON Lines: id, text, attributions with source, cue and content spans
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
    /// Speaker, addressee and date of the statements found
    Speakers {
        /// Annotated articles as JSON Lines: id, text, published, attributions with source, cue and content spans,
        /// speaker, kind, addressee, said_at, sure
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
    let outcome = match &cli.command {
        Command::Read(args) => read::run(&args.input, args.format, args.threads),
        Command::Explain(args) => explain::run(args),
        Command::Eval(EvalCommand::Attribution { gold, records, json, baseline }) => {
            eval::attribution(gold, records.as_deref(), *json, baseline.as_deref())
        }
        Command::Eval(EvalCommand::Speakers { gold }) => eval::speakers(gold),
        Command::Eval(EvalCommand::Dates { gold }) => eval::dates(gold),
    };
    failure::exit_code(outcome)
}
