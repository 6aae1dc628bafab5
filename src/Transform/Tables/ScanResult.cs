using VerseEtl.Transform.Findings;

namespace VerseEtl.Transform.Tables;

/// <summary>Everything one scan contributes to the tables: its row, a row per vertebra (none if it failed) and what was noticed.</summary>
public sealed record ScanResult(ScanRow Scan, IReadOnlyList<VertebraRow> Vertebrae, IReadOnlyList<Finding> Findings);
