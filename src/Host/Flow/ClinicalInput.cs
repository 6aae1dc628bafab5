using VerseEtl.Extract.Clinical;
using VerseEtl.Extract.Tree;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>What the declared clinical files hold about the scans of a run.</summary>
/// <param name="Table">Null where none is declared.</param>
internal sealed record ClinicalInput(ClinicalTable? Table, IReadOnlyList<Finding> Findings)
{
    /// <summary>Reads every file; one that cannot be read costs its own columns.</summary>
    public static async Task<ClinicalInput> Read(IReadOnlyList<ClinicalFile> files, IReadOnlyList<ScanFiles> scans, ScanRetry retry, CancellationToken token)
    {
        List<ClinicalContent> contents = [];
        foreach (ClinicalFile file in files)
        {
            try
            {
                contents.Add(await retry.Execute(_ => ClinicalReader.Read(file, scans), token));
            }
            catch (Exception error) when (StorageException.Covers(error))
            {
                contents.Add(ClinicalReader.Unavailable(file));
            }
        }
        return new ClinicalInput(ClinicalJoin.Of(contents, scans), [.. contents.SelectMany(content => content.Findings)]);
    }
}
