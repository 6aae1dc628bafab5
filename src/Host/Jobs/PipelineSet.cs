using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Jobs;

/// <summary>The pipelines of one file as last read soundly. An edit with a mistake in it is logged and changes nothing.</summary>
internal sealed class PipelineSet(PipelinesFile file, TimeProvider time, ILogger log)
{
    private readonly Lock _lock = new();
    private byte[] _seen = Content(file.Path) ?? [];
    private byte[] _sound = Content(file.Path) ?? [];
    private IReadOnlyList<Pipeline> _pipelines = file.Pipelines;

    public string Path => file.Path;

    public IReadOnlyList<Pipeline> Pipelines
    {
        get
        {
            lock (_lock) return _pipelines;
        }
    }

    /// <summary>SHA-256 of the file as it was last read soundly.</summary>
    public string Digest
    {
        get
        {
            lock (_lock) return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(_sound));
        }
    }

    public Pipeline? Find(string name) => Pipelines.FirstOrDefault(pipeline => pipeline.Name == name);

    /// <summary>Reads the file again if it holds something else.</summary>
    /// <returns>True if there are other pipelines now.</returns>
    public bool Refresh()
    {
        // by content, not by times: an editor that writes in two steps is read again after the second
        if (Content(Path) is not byte[] now || now.AsSpan().SequenceEqual(_seen)) return false;
        _seen = now;
        PipelinesFile? read = PipelinesFile.Read(Path, time, out IReadOnlyList<ConfigProblem> problems);
        foreach (ConfigProblem problem in problems.Where(problem => problem.Severity == Severity.Error))
            log.Warning("Pipelines not read: {Problem}", problem.ToString());
        if (read is null)
        {
            log.Warning("The pipelines stay as they were until {File} is mended", System.IO.Path.GetFileName(Path));
            return false;
        }
        lock (_lock) (_pipelines, _sound) = (read.Pipelines, now);
        log.Information("Pipelines read again: {Pipelines}", string.Join(", ", read.Pipelines.Select(pipeline => pipeline.Name)));
        return true;
    }

    private static byte[]? Content(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } info && info.Length <= YamlTree.LargestFile ? File.ReadAllBytes(path) : null;
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            return null;
        }
    }
}
