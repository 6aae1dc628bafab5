using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Cohort;

namespace VerseEtl.Host.Flow;

/// <summary>What a pipeline is audited against: null for nothing. The digest is over the content, wherever the files lie.</summary>
internal sealed record AuditReference(Reference? Figures, string Digest)
{
    /// <param name="name">`verse`, `sample`, `none`, or the absolute path of a folder with files named as <see cref="Reference.FileNames"/>.</param>
    /// <exception cref="RunStoppedException">The folder's files are not what they should be.</exception>
    public static AuditReference Load(string name)
    {
        if (name == Pipeline.NoReference) return new AuditReference(null, name);
        if (name == Pipeline.VerseReference) return new AuditReference(Reference.Verse(), name);
        if (name == Pipeline.SampleReference) return new AuditReference(Reference.Sample(), name);
        try
        {
            Dictionary<string, string> texts = [];
            using DigestBuilder digest = new();
            foreach (string file in Reference.FileNames.Where(file => File.Exists(Path.Join(name, file))))
            {
                texts.Add(file, File.ReadAllText(Path.Join(name, file)));
                digest.Add(file, texts[file]);
            }
            return new AuditReference(Reference.Parse(texts), digest.Finish());
        }
        catch (Exception error) when (error is FormatException || StorageException.Covers(error))
        {
            throw new RunStoppedException(ExitCode.Configuration, $"the reference {name} cannot be used: {error.Message}");
        }
    }
}
