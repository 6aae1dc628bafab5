using System.Runtime.Versioning;

namespace VerseEtl.Extract.Tree;

/// <summary>The root of a source: a folder, or objects.</summary>
/// <param name="Objects">Null for a folder.</param>
[SupportedOSPlatform("linux")]
internal sealed record SourceRoot(string Path, ObjectTree? Objects = null)
{
    /// <summary>What its own folder is called.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public SourcePath At(string relative, FileIdentity? seen = null) => new(Path, relative) { Objects = Objects, Seen = seen };

    public SourcePath At(FoundFile file) => At(file.Relative, file.Identity);
}
