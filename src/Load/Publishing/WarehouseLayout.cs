using System.Globalization;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>Where things lie in a warehouse; docs/architecture.md shows the tree.</summary>
internal sealed record WarehouseLayout(string Root)
{
    public string Current => Path.Combine(Root, "current");
    public string Commits => Path.Combine(Root, "commits");
    public string Snapshots => Path.Combine(Root, "snapshots");
    public string Staging => Path.Combine(Root, "staging");
    public string Trash => Path.Combine(Root, "trash");
    public string Runs => Path.Combine(Root, "runs");
    public string Cache => Path.Combine(Root, "cache");
    /// <summary>Where older versions put plans of runs that hosts shared.</summary>
    public string Work => Path.Combine(Root, "work");
    public string Names => Path.Combine(Root, "names");
    public string Id => Path.Combine(Root, "id");
    public string Delta => Path.Combine(Root, "delta");
    public string Hold => Path.Combine(Root, "hold.json");
    public string Proven => Path.Combine(Root, "proven.json");

    public string Commit(long sequence) => Path.Combine(Commits, Digits(sequence) + ".json");

    public string Snapshot(string name) => Path.Combine(Snapshots, name);

    /// <summary>A free name under trash/.</summary>
    public string NewTrash() => Path.Combine(Trash, Guid.NewGuid().ToString("N"));

    /// <summary>`0000000042-1f3a9c27`: sequence and the first 8 digits of the run id's hash.</summary>
    public static string SnapshotName(long sequence, string runId) => $"{Digits(sequence)}-{Run8(runId)}";

    public static string Run8(string runId) => Sha256.Of(System.Text.Encoding.UTF8.GetBytes(runId))[..8];

    private static string Digits(long sequence) => sequence.ToString("D10", CultureInfo.InvariantCulture);
}
