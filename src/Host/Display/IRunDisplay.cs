using VerseEtl.Host.Flow;

namespace VerseEtl.Host.Display;

/// <summary>Shows a run while it goes on: moving on a terminal, in lines elsewhere, or not at all.</summary>
public interface IRunDisplay
{
    /// <summary>Runs the work and shows what it reports; the display is gone when the task ends.</summary>
    Task<T> Watch<T>(string pipeline, Func<IProgress<RunStep>?, Task<T>> work);
}

/// <summary>Shows nothing.</summary>
public sealed class SilentDisplay : IRunDisplay
{
    public Task<T> Watch<T>(string pipeline, Func<IProgress<RunStep>?, Task<T>> work) => work(null);
}
