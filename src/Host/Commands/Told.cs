using System.Text.Json.Nodes;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>What a command has to tell.</summary>
/// <param name="Answer">For machines, who get the exit code before it.</param>
/// <param name="Lines">For people.</param>
internal sealed record Told(object Answer, IEnumerable<string> Lines, int ExitCode = Host.ExitCode.Done)
{
    /// <summary>Written as it is in place of lines; null where there are lines.</summary>
    public Action<TextWriter>? Text { get; init; }

    /// <summary>Why there is nothing to tell; null where there is.</summary>
    public string? Trouble { get; private init; }

    public static Told Nothing(int exitCode, string trouble) => new(new { Message = Finding.OneLine(trouble) }, [], exitCode) { Trouble = trouble };

    /// <summary>For machines, as one of several pipelines.</summary>
    public object Of(string pipeline)
    {
        JsonObject answer = Json.Node(Answer);
        answer.Insert(0, "exit_code", ExitCode);
        answer.Insert(0, "pipeline", pipeline);
        return answer;
    }
}
