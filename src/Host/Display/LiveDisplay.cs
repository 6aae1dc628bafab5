using Spectre.Console;
using VerseEtl.Host.Flow;

namespace VerseEtl.Host.Display;

/// <summary>A moving bar with the time left, on a terminal.</summary>
public sealed class LiveDisplay(IAnsiConsole console) : IRunDisplay
{
    private const int NarrowColumns = 60;

    public Task<T> Watch<T>(string pipeline, Func<IProgress<RunStep>?, Task<T>> work)
    {
        List<ProgressColumn> columns = [new TaskDescriptionColumn { Alignment = Justify.Left }];
        if (console.Profile.Width >= NarrowColumns) columns.AddRange([new ProgressBarColumn { Width = 20 }, new RemainingTimeColumn()]);
        return console.Progress().AutoClear(true).HideCompleted(false).Columns([.. columns]).StartAsync(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(pipeline), autoStart: true, maxValue: 1);
            task.IsIndeterminate = true;
            return work(new Bar(Markup.Escape(pipeline), task));
        });
    }

    private sealed class Bar(string name, ProgressTask task) : IProgress<RunStep>
    {
        private readonly Lock _lock = new();
        private readonly ScanTally _tally = new();

        public void Report(RunStep value)
        {
            lock (_lock)
            {
                _tally.Add(value);
                bool measuring = value is not RunStep.Phase;
                task.IsIndeterminate = !measuring;
                task.Description = $"{name} {(value is RunStep.Phase phase ? Markup.Escape(phase.Text) : _tally.Text)}";
                if (!measuring) return;
                task.MaxValue = Math.Max(1, _tally.Total);
                task.Value = _tally.Done;
            }
        }
    }
}
