using Spectre.Console;
using VerseEtl.Host.Display;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>Where output goes and what the surroundings are: results to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
public sealed record Terminal(TextWriter Out, TextWriter Error)
{
    /// <summary>Somebody watches standard error, so progress can move.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Standard output is a terminal of this many columns.</summary>
    public int? Width { get; init; }

    /// <summary>Standard input, for a command that is told to read it.</summary>
    public Func<TextReader> In { get; init; } = () => Console.In;

    /// <summary>Standard error is a terminal of this many columns.</summary>
    public int? ErrorWidth { get; init; }

    /// <summary>Why standard output does not have all that was written; null where it has.</summary>
    internal string? OutputFault => (Out as LossyWriter)?.Fault;

    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>What an environment variable says; null where it is not set or empty.</summary>
    public string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;

    public static Terminal OfProcess() => new(new LossyWriter(Console.Out), new LossyWriter(Console.Error))
    {
        IsWatched = !Console.IsErrorRedirected && System.Environment.GetEnvironmentVariable("TERM") != "dumb",
        Width = Console.IsOutputRedirected ? null : Columns(),
        ErrorWidth = Console.IsErrorRedirected ? null : Columns(),
    };

    /// <summary>Lines for people on standard output, on a terminal broken between words.</summary>
    public void Tell(string line) => Write(Out, line, Width);

    /// <summary>The same on standard error.</summary>
    public void Warn(string line) => Write(Error, line, ErrorWidth);

    private static void Write(TextWriter writer, string line, int? width)
    {
        foreach (string part in WrappedText.Lines(Finding.OneLine(line), width)) writer.WriteLine(part);
    }

    /// <summary>A console that writes to standard output: colours only on a terminal and without NO_COLOR.</summary>
    public IAnsiConsole OutConsole() => Create(Out, Width is not null);

    /// <summary>The same for standard error.</summary>
    public IAnsiConsole ErrorConsole() => Create(Error, IsWatched);

    private IAnsiConsole Create(TextWriter writer, bool colours)
    {
        colours = colours && Environment("TERM") != "dumb";
        bool plain = !colours || !string.IsNullOrEmpty(Environment("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        console.Profile.Width = Width ?? WrappedText.WidthWithoutTerminal;
        return console;
    }

    private static int Columns()
    {
        int columns = Console.WindowWidth;
        return columns > 0 ? columns : WrappedText.WidthWithoutTerminal;
    }
}
