using System.CommandLine;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;

namespace VerseEtl.Host.Commands;

/// <summary>The name of a published table on the command line.</summary>
internal static class TableArgument
{
    public static Argument<string> Build()
    {
        string[] known = [.. PublishedSchema.All.Select(table => table.Name), ClinicalSchema.Name];
        Argument<string> table = new("table") { HelpName = "table", Description = string.Join(", ", known) };
        table.CompletionSources.Add(known);
        table.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string name }] && !known.Contains(name))
                result.AddError($"there is no table '{name}'{NearestName.Hint(name, known)}");
        });
        return table;
    }

    /// <exception cref="UsageException">The snapshot has no such table.</exception>
    public static TableSchema Find(string name, Snapshot snapshot) =>
        PublishedSchema.Of(snapshot.Manifest.Clinical).SingleOrDefault(table => table.Name == name)
        ?? throw new UsageException($"the snapshot has no table '{name}': no clinical file was declared");
}
