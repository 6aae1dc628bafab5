using System.Text.Json;
using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.Notices;

/// <summary>What was told about each pipeline, kept over restarts, so that the same trouble is told once and not each night.</summary>
internal sealed class ReportedStates(string folder, ILogger log)
{
    private Dictionary<string, ReportedState>? _states;

    private string File => Path.Join(folder, "told.json");

    public ReportedState Of(string pipeline) => (_states ??= Read()).GetValueOrDefault(pipeline, ReportedState.Fine);

    public void Set(string pipeline, ReportedState state)
    {
        if (Of(pipeline) == state) return;
        _states![pipeline] = state;
        try
        {
            Directory.CreateDirectory(folder);
            SecretFile.Write(File, JsonSerializer.Serialize(_states));
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            log.Warning("What was told cannot be kept ({Kind}); after a restart it is told again", error.GetType().Name);
        }
    }

    private Dictionary<string, ReportedState> Read()
    {
        try
        {
            return System.IO.File.Exists(File) ? JsonSerializer.Deserialize<Dictionary<string, ReportedState>>(SecretFile.Read(File)) ?? [] : [];
        }
        catch (Exception error) when (error is JsonException || StorageException.Covers(error))
        {
            log.Warning("What was told cannot be read ({Kind}); it is told again", error.GetType().Name);
            return [];
        }
    }
}
