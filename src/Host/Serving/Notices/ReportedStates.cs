using System.Text.Json;
using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.Notices;

/// <summary>What was told about each pipeline in each way, kept over restarts, so that the same trouble is told once and not each night.</summary>
internal sealed class ReportedStates(string folder, ILogger log)
{
    private Dictionary<string, ReportedState>? _states;

    private string File => Path.Join(folder, "told.json");

    /// <param name="way">As <see cref="Notify.ToString"/> has it.</param>
    public ReportedState Of(string pipeline, string way) =>
        // before there were several ways, the pipeline alone was the key
        (_states ??= Read()).TryGetValue(Key(pipeline, way), out ReportedState? told) ? told : _states.GetValueOrDefault(pipeline, ReportedState.Fine);

    public void Set(string pipeline, string way, ReportedState state)
    {
        if (Of(pipeline, way) == state) return;
        _states![Key(pipeline, way)] = state;
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

    private static string Key(string pipeline, string way) => $"{pipeline}: {way}";

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
