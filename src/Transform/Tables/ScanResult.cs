using System.Text.Json.Serialization;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Transform.Tables;

/// <summary>Everything one scan contributes to the tables: its row, a row per vertebra (none if it failed) and what was noticed.</summary>
public sealed record ScanResult(ScanRow Scan, IReadOnlyList<VertebraRow> Vertebrae, IReadOnlyList<Finding> Findings)
{
    /// <summary>The file that <see cref="ScanRow.PicturePath"/> names, while it is not stored yet; null without one, or once it is.</summary>
    [JsonIgnore]
    public byte[]? PicturePng { get; init; }
}
