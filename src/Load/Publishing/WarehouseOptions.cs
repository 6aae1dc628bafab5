using System.Reflection;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>How a warehouse is kept.</summary>
public sealed record WarehouseOptions
{
    /// <summary>Root of the source; the warehouse must not lie in it, nor it in the warehouse. Null skips the check.</summary>
    public string? SourcePath { get; init; }

    /// <summary>Snapshots that pruning always leaves, newest first.</summary>
    public int KeepNewest { get; init; } = 7;

    /// <summary>Snapshots younger than this stay as well.</summary>
    public TimeSpan KeepYoungerThan { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Free bytes wanted beyond twice the last snapshot before anything is written.</summary>
    public long ReserveBytes { get; init; } = 16L << 20;

    /// <summary>
    /// Makes delta/, the tables as Delta tables over the same files. Where there is one it is kept up to date whatever this says.
    /// </summary>
    public bool Delta { get; init; }

    /// <summary>Readers of the Delta tables may ask which rows a version took and put; once there it stays.</summary>
    public bool DeltaChangeFeed { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Stands in the manifest.</summary>
    public string CodeVersion { get; init; } =
        typeof(WarehouseOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    internal PartSizes Parts { get; init; } = PartSizes.Published;

    /// <summary>Tests stop or fail a publish here; called with a name of <see cref="PublishSteps"/>.</summary>
    internal Action<string>? AtStep { get; init; }
}

/// <summary>The points of a publish at which a crash leaves something different behind, in order.</summary>
internal static class PublishSteps
{
    public const string Begun = "begun", Recovered = "recovered", TableWritten = "table-written", Written = "written", Synced = "synced",
        ReadBack = "read-back", Conserved = "conserved", Placed = "placed", Prepared = "prepared", Committed = "committed",
        Linked = "linked", Delta = "delta", Pruned = "pruned", Proven = "proven";

    /// <summary>No step of a publish: before something that nothing needs is taken away.</summary>
    public const string Freeing = "freeing";

    public static readonly IReadOnlyList<string> All =
        [Begun, Recovered, TableWritten, Written, Synced, ReadBack, Conserved, Placed, Prepared, Committed, Linked, Delta, Pruned, Proven];
}
