using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace VerseEtl.Host.Commands;

/// <summary>What the value of an option must be, told with what was found instead.</summary>
internal static class ValueRules
{
    /// <summary>One of these words, which also complete.</summary>
    public static void MustBeOneOf(this Option<string> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.MustBe(words.Contains, $"{string.Join(", ", words[..^1])} or {words[^1]}");
    }

    /// <param name="what">Goes on after `must be`.</param>
    public static void MustBe(this Option option, Func<string, bool> valid, string what) => option.Validators.Add(result =>
    {
        foreach (Token token in result.Tokens.Where(token => !valid(token.Value)))
            result.AddError($"{result.IdentifierToken?.Value} must be {what}, found '{token.Value}'");
    });

    /// <summary>Digits alone, and within the range; null for all else.</summary>
    public static int? WholeNumber(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number : null;
}
