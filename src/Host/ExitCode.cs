using VerseEtl.Load.Storage;

namespace VerseEtl.Host;

/// <summary>What the process says when it ends. Of several pipelines the highest code wins.</summary>
public static class ExitCode
{
    public const int Done = 0;
    public const int PublishedWithErrors = 10;
    public const int AuditDiffers = 11;
    public const int Breaker = 20;
    public const int Overtaken = 21;
    public const int Configuration = 30;
    public const int Storage = 40;
    public const int SourceUnavailable = 41;
    public const int Integrity = 50;
    public const int Internal = 70;
    public const int Interrupted = 130;
    public const int Terminated = 143;

    /// <summary>Every code with its meaning, in the words of `--help` and docs/cli.md.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Done, "done; no findings of severity error (also when nothing changed)"),
        (PublishedWithErrors, "published, and a scan failed or a finding has severity error (see --fail-on)"),
        (AuditDiffers, "audit: differences found"),
        (Breaker, "not published: too much is missing or newly failed (see --accept-shrink); or publish_to is somebody else's"),
        (Overtaken, "not published: another writer published first"),
        (Configuration, "wrong usage or configuration"),
        (Storage, "the warehouse cannot be written; or published, and publish_to cannot be written"),
        (SourceUnavailable, "the source is not there or cannot be read"),
        (Integrity, "an existing snapshot is damaged"),
        (Internal, "an internal error"),
        (Interrupted, "interrupted (Ctrl-C); nothing half done, run again to go on"),
        (Terminated, "terminated (SIGTERM); nothing half done, run again to go on"),
    ];

    public static int Of(StorageException storage) => storage is WarehouseRefusedException ? Configuration : Storage;

    public static string Meaning(int code) => All.FirstOrDefault(known => known.Code == code).Meaning ?? "unknown";
}
