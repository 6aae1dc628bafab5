using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Cohort;

namespace VerseEtl.Host.Flow;

/// <summary>What a pipeline is audited against. The digest is over the content, wherever the files lie.</summary>
internal sealed class AuditReference
{
    private readonly Lazy<Reference?> _figures;

    private AuditReference(Func<Reference?> figures, string digest) => (_figures, Digest) = (new Lazy<Reference?>(figures), digest);

    public string Digest { get; }

    /// <summary>Null for nothing. Those that come with the program are read when they are first asked for: a run with nothing new needs none.</summary>
    public Reference? Figures => _figures.Value;

    /// <param name="name">`verse`, `sample`, `none`, or the absolute path of a folder with files named as <see cref="Reference.FileNames"/>.</param>
    /// <exception cref="RunStoppedException">The folder's files are not what they should be.</exception>
    public static AuditReference Load(string name)
    {
        if (name == Pipeline.NoReference) return new AuditReference(() => null, name);
        if (name == Pipeline.VerseReference) return new AuditReference(Reference.Verse, name);
        if (name == Pipeline.SampleReference) return new AuditReference(Reference.Sample, name);
        try
        {
            Dictionary<string, string> texts = [];
            using DigestBuilder digest = new();
            foreach (string file in Reference.FileNames.Where(file => File.Exists(Path.Join(name, file))))
            {
                texts.Add(file, File.ReadAllText(Path.Join(name, file)));
                digest.Add(file, texts[file]);
            }
            Reference figures = Reference.Parse(texts);
            return new AuditReference(() => figures, digest.Finish());
        }
        catch (Exception error) when (error is FormatException || StorageException.Covers(error))
        {
            throw new RunStoppedException(ExitCode.Configuration, $"the reference {name} cannot be used: {error.Message}");
        }
    }
}
