using System.Diagnostics;
using k8s;
using k8s.Models;
using VerseEtl.Host.Commands;

namespace VerseEtl.Host.Tests.Deploy;

/// <summary>The recipes for engines that are not here, or too heavy for every build (`eng/heavy slurm` runs them): what they call is what there is.</summary>
public sealed class RecipeTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Kubernetes_has_indexed_pods_each_with_its_part_and_somebody_who_publishes()
    {
        string text = Repository.Text("deploy/kubernetes/verse-etl.yaml");
        List<string> commands = [];
        // strict: a field that the types of the client do not have is an error
        foreach (object read in KubernetesYaml.LoadAllFromString(text, typeMap: null, strict: true))
        {
            V1JobSpec job = read is V1CronJob cron ? cron.Spec.JobTemplate.Spec : ((V1Job)read).Spec;
            V1PodSpec pod = job.Template.Spec;
            V1Container container = Assert.Single(pod.Containers);
            string[] line = [.. container.Args];
            RequireKnown(line);
            commands.Add(line[0]);
            Assert.All(container.VolumeMounts, mount => Assert.Contains(mount.Name, pod.Volumes.Select(volume => volume.Name)));
            if (line[0] != "measure") continue;
            Assert.Equal("Indexed", job.CompletionMode);
            Dictionary<string, string> environment = container.Env.ToDictionary(entry => entry.Name, entry => entry.Value);
            environment["JOB_COMPLETION_INDEX"] = Invariant($"{job.Completions - 1}");
            Assert.Equal(Invariant($"{job.Completions}/{job.Completions}"), ShardChoice.Of(name => environment.GetValueOrDefault(name)).Shard?.ToString());
        }
        Assert.Equal(["measure", "measure", "run"], commands);
    }

    [Fact]
    public async Task Slurm_gets_an_array_over_one_plan_and_a_run_that_waits_for_all_of_it()
    {
        string bin = _temp.Folder("bin"), said = Path.Join(_temp.Path, "said"), source = _temp.Folder("a source");
        Script(Path.Join(bin, "sbatch"), $"printf '%s\\n' \"$@\" >> '{said}'; sh -c \"${{@: -1}}\" >> '{said}.run'; echo 4711");
        Script(Path.Join(bin, "verse-etl"), "printf '%s\\n' \"$@\"");
        ProcessStartInfo start = new("bash", [Path.Join(Repository.Root, "deploy/slurm/submit"), source, Path.Join(_temp.Path, "tables"), "12", "--time=1:00"])
        {
            WorkingDirectory = _temp.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PATH"] = bin + ":" + Environment.GetEnvironmentVariable("PATH");
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True(output == "4711 4711\n", output + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        string[] options = await File.ReadAllLinesAsync(said, TestContext.Current.CancellationToken);
        foreach (string option in new[] { "--array=1-12", "--requeue", "--dependency=afterok:4711", "--time=1:00" }) Assert.Contains(option, options);
        // what the shell of a task makes of the line
        string[] words = await File.ReadAllLinesAsync(said + ".run", TestContext.Current.CancellationToken);
        int publish = Array.IndexOf(words, "run");
        foreach (string[] line in new[] { words[..publish], words[publish..] })
        {
            Assert.Contains(source, line);
            RequireKnown(line);
        }
        Assert.Equal(("measure", "--measured-only"), (words[0], words[publish + 1]));
    }

    [Fact]
    public void Snakemake_and_Spark_call_what_there_is()
    {
        foreach (string file in new[] { "deploy/snakemake/Snakefile", "examples/spark_measure.py" })
        {
            string text = Repository.Text(file);
            foreach (string option in new[] { "--json-lines", "--measured-only", "--scans" }) Assert.Contains(option, text, StringComparison.Ordinal);
            string[] known = [.. Root().Subcommands.Where(command => command.Name is "plan" or "measure" or "run").SelectMany(command => command.Options)
                .SelectMany(option => option.Aliases.Append(option.Name))];
            IEnumerable<string> used = System.Text.RegularExpressions.Regex.Matches(text, "(?<![\\w-])--[a-z-]+").Select(match => match.Value);
            Assert.Empty(used.Except([.. known, "--quiet", "--cores", "--config"]));
        }
    }

    private static void RequireKnown(string[] line) =>
        Assert.Empty(Root().Parse(line).Errors);

    private static System.CommandLine.RootCommand Root() => CommandTree.Build(new Terminal(TextWriter.Null, TextWriter.Null), TimeProvider.System);

    private static void Script(string path, string text)
    {
        File.WriteAllText(path, "#!/bin/bash\n" + text + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
