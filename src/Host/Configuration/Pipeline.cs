using Cronos;
using VerseEtl.Extract;
using VerseEtl.Extract.Clinical;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Objects;
using VerseEtl.Transform.Quality;

namespace VerseEtl.Host.Configuration;

/// <summary>One pipeline: where the scans are, where the tables go, and how. Paths are absolute.</summary>
public sealed record Pipeline
{
    /// <summary>The name of a pipeline that `--source` and `--output` make up.</summary>
    public const string AdHoc = "ad-hoc";

    /// <summary>What <see cref="Reference"/> may be besides a folder.</summary>
    public const string VerseReference = "verse", SampleReference = "sample", NoReference = "none";

    public required string Name { get; init; }
    public string? Description { get; init; }
    public required Source Source { get; init; }
    public ReadingLimits Reading { get; init; } = new() { Pictures = true };

    /// <summary>Published figures to audit against: `verse`, `sample`, `none`, or a directory of one's own.</summary>
    public string Reference { get; init; } = VerseReference;

    /// <summary>Scans measured at the same time; 0 takes one per core.</summary>
    public int Parallelism { get; init; }
    internal PublishThresholds Thresholds { get; init; } = new();
    public required Destination Load { get; init; }
    public Schedule? Schedule { get; init; }
    public IReadOnlyList<Notify> Notify { get; init; } = [];

    public int Workers => Parallelism > 0 ? Parallelism : Environment.ProcessorCount;
}

/// <summary>Where the scans are.</summary>
public sealed record Source
{
    /// <summary>A folder, or the address of a place in an object store.</summary>
    public required string Path { get; init; }

    /// <summary>The address, where it is no folder.</summary>
    internal ObjectUrl? Url => ObjectUrl.IsMeant(Path) ? ObjectUrl.Of(Path) : null;

    /// <summary>The folder; null where it is none of this machine.</summary>
    public string? Folder => ObjectUrl.IsMeant(Path) ? null : Path;

    /// <summary>The path holds the generated sample dataset, which is written there when the folder does not exist.</summary>
    public bool IsSample { get; init; }

    /// <summary>Folders with the edition and split each stands for; null finds VerSe's six by name.</summary>
    public IReadOnlyList<FolderSpec>? Folders { get; init; }

    /// <summary>Refuses a path that is no mount point, so that an unmounted share is told from an empty dataset.</summary>
    public bool RequireMount { get; init; }
    public TreeOptions Tree { get; init; } = new();

    /// <summary>CSV files of the user's own that become the table `clinical`.</summary>
    public IReadOnlyList<ClinicalFile> Clinical { get; init; } = [];

    /// <summary>Listed at this time: what is dated later is noted.</summary>
    public Source At(DateTimeOffset now) => this with { Tree = Tree with { Now = now } };
}

/// <summary>The warehouse, and how long it keeps older snapshots: the newest ones and everything younger than the days.</summary>
public sealed record Destination
{
    public required string Path { get; init; }
    public int KeepSnapshots { get; init; } = 14;
    public int KeepDays { get; init; } = 7;

    /// <summary>The tables as Delta tables too.</summary>
    public bool Delta { get; init; }
    public bool DeltaChangeFeed { get; init; }

    /// <summary>Where in an object store a copy is kept; null for none.</summary>
    internal ObjectUrl? PublishTo { get; init; }
}

/// <summary>When a scheduled host runs the pipeline; `run` takes no notice of it.</summary>
/// <param name="Cron">Parsed; with a field for seconds if it has six.</param>
/// <param name="Misfire">What to do about a run that was due while nothing could run.</param>
public sealed record Schedule(CronExpression Cron, string CronText, TimeZoneInfo Zone, Misfire Misfire)
{
    /// <summary>Hours, or what is below, follow a pattern (`*`, `/`, `-`), not given times.</summary>
    internal bool IsInterval => CronText.StartsWith('@')
        ? CronText is "@every_second" or "@every_minute" or "@hourly"
        : CronText.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).SkipLast(3).Any(part => part.AsSpan().IndexOfAny("*/-?") >= 0);
}

/// <summary>Runs that were missed: made up once, whatever their number, or left out.</summary>
public enum Misfire { CatchUp, Skip }

/// <summary>One way in which a scheduled host tells that the pipeline fails, that scans do, that its audit differs, or that it recovered.</summary>
/// <param name="UrlVariable">Environment variable with the address that JSON is posted to; null if it is in a file, or for mail.</param>
/// <param name="UrlFile">Absolute path of a file with that address, readable by its owner only.</param>
public sealed record Notify(string? UrlVariable, string? UrlFile)
{
    /// <summary>What is posted to the address.</summary>
    public NoticeFormat Format { get; init; }

    /// <summary>Sends mail instead; null posts.</summary>
    public MailSettings? Mail { get; init; }

    /// <summary>Scans are told by their keys, not only counted.</summary>
    public bool NameScans { get; init; }

    /// <summary>`mail`, `json`, `slack` or `teams`.</summary>
    public string Kind => Mail is null ? Format.ToString().ToLowerInvariant() : "mail";

    /// <summary>Tells it from the pipeline's others, without a secret.</summary>
    public override string ToString() => $"{Kind} to {Mail?.To ?? UrlVariable ?? UrlFile}";
}

/// <summary>The shape of what is posted: our own JSON, or what a chat program takes.</summary>
public enum NoticeFormat { Json, Slack, Teams }

/// <summary>Mail by SMTP.</summary>
public sealed record MailSettings
{
    public const int SubmissionPort = 587;

    public required string Server { get; init; }
    public int Port { get; init; } = SubmissionPort;
    public MailEncryption Encryption { get; init; }
    public required string From { get; init; }

    /// <summary>Addresses with commas between.</summary>
    public required string To { get; init; }

    /// <summary>Null signs in to no account.</summary>
    public string? User { get; init; }

    /// <summary>Environment variable with the account's password; null if it is in a file.</summary>
    public string? LoginVariable { get; init; }

    /// <summary>Absolute path of a file with that password, readable by its owner only.</summary>
    public string? LoginFile { get; init; }
}

/// <summary>How a connection to a mail server is encrypted; the first two refuse a server that cannot.</summary>
public enum MailEncryption { StartTls, Tls, None }

/// <summary>Where the scheduler keeps its jobs: in memory, for one host, or in PostgreSQL, for hosts that share the work.</summary>
public enum JobStore { Memory, Postgres }
