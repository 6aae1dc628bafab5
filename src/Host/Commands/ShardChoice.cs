using System.Globalization;
using VerseEtl.Host.Flow;

namespace VerseEtl.Host.Commands;

/// <summary>Which part of the scans an engine gave to this process, by the environment that it made.</summary>
internal static class ShardChoice
{
    /// <summary>Of how many, where the engine tells only which.</summary>
    public const string Count = "VERSEETL_SHARDS";

    private const string Array = "SLURM_ARRAY_TASK_", Index = "JOB_COMPLETION_INDEX";

    /// <returns>Null where there is none; why, where the environment cannot be understood.</returns>
    public static (Shard? Shard, string? Objection) Of(Func<string, string?> variable)
    {
        int? count = null;
        if (variable(Count) is string given && (count = Number(given)) is null or < 1 or > Shard.Most)
            return (null, $"{Count} must be a whole number from 1 to {Shard.Most}, found '{given}'");
        if (variable(Array + "ID") is string task) return OfArray(task, variable, count);
        if (variable(Index) is not string index) return (null, null);
        if (count is null) return (null, $"{Index} tells which part this is, but not of how many: set {Count} to the Job's completions, or give --shard");
        return Number(index) is int at && at < count ? (new Shard(at + 1, count.Value), null) : (null, $"{Index} is '{index}', of {count}");
    }

    private static (Shard?, string?) OfArray(string task, Func<string, string?> variable, int? count)
    {
        int? id = Number(task), least = Number(variable(Array + "MIN")), most = Number(variable(Array + "MAX"));
        int step = Number(variable(Array + "STEP")) is int given and > 0 ? given : 1;
        if (id is null || (least ?? (count is null ? null : 1)) is not int first)
            return (null, $"{Array}ID is '{task}', but there is no {Array}MIN; give --shard");
        int number = (id.Value - first) / step + 1;
        int all = count ?? (most is int last ? (last - first) / step + 1 : 0);
        // an array such as 1,5,7, or part of one that is run again
        if (count is null && Number(variable(Array + "COUNT")) is int tasks && tasks != all)
            return (null, $"the array has {tasks} tasks with gaps among them; give --shard, as in --shard $SLURM_ARRAY_TASK_ID/100");
        return number >= 1 && number <= all ? (new Shard(number, all), null) : (null, $"{Array}ID {task} is none of {all} parts; give --shard");
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
