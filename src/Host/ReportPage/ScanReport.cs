using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.ReportPage;

/// <summary>What a report shows of one scan: its rows in a snapshot, and those of its cohort that they are held against.</summary>
public sealed record ScanReport
{
    public required Snapshot Snapshot { get; init; }
    public required ScanRow Scan { get; init; }

    /// <summary>From head to tail.</summary>
    public required IReadOnlyList<VertebraRow> Vertebrae { get; init; }

    /// <summary>From head to tail.</summary>
    public required IReadOnlyList<PairRow> Pairs { get; init; }

    /// <summary>Null without a readable mask.</summary>
    public SpineRow? Spine { get; init; }
    public required IReadOnlyList<Finding> Findings { get; init; }
    public required CohortRanges Cohort { get; init; }

    /// <summary>Published figures that this scan is a part of; null for none.</summary>
    public Reference? Published { get; init; }
    public required ReportImage Picture { get; init; }

    /// <summary>The dataset's own.</summary>
    public required ReportImage Preview { get; init; }

    /// <summary>The vertebra that stands farthest from its own level; null where none could be scored.</summary>
    public VertebraRow? Farthest => Vertebrae.Where(row => row.OutlierZ is not null).MaxBy(row => Math.Abs(row.OutlierZ!.Value));

    /// <summary>The vertebra that lacks most height against its neighbours; null where none does or was measured.</summary>
    public VertebraRow? Lowest => Vertebrae.Where(row => row.HeightLossPercent > 0).MaxBy(row => row.HeightLossPercent);

    /// <summary>As the style sheets name it.</summary>
    public string Look => Scan.Status switch
    {
        ScanStatus.Failed => "differs",
        ScanStatus.Warning => "incomplete",
        _ => "fine",
    };

    /// <summary>How it stands, in a sentence.</summary>
    public string Verdict => Scan.Status switch
    {
        ScanStatus.Failed => "The mask could not be read: nothing was measured.",
        _ when Counted().ToArray() is { Length: > 0 } found => $"Measured, {Vertebrae.Count} vertebrae; something was noticed: {string.Join(", ", found)}.",
        ScanStatus.Warning => $"Measured, {Vertebrae.Count} vertebrae; something is missing.",
        _ => $"Measured, {Vertebrae.Count} vertebrae; nothing to warn of.",
    };

    private IEnumerable<string> Counted() =>
        from severity in new[] { Severity.Error, Severity.Warning }
        let count = Findings.Count(finding => finding.Severity == severity)
        where count > 0
        select $"{count} {severity.Word()}{(count == 1 ? "" : "s")}";
}
