using SharpFuzz;
using VerseEtl.Fuzz;

const string Usage = """
    seeds <dir>                 writes small sound files to start from, one folder a target
    pack <archive> <file>...    adds inputs to keep to a corpus, bench/VerseEtl.Fuzz/corpus/<target>.zip
    <target> <file>...          replays files, and all inputs of a file whose name ends in .zip
    <target>                    under afl-fuzz, which feeds standard input
    """;

switch (args)
{
    case ["seeds", string folder]:
        Seeds.Write(folder);
        return 0;
    case ["pack", string archive, .. [_, ..] files]:
        Console.WriteLine($"{Corpus.Add(archive, files)} added");
        return 0;
    case [string name] when Targets.All.TryGetValue(name, out Action<byte[]>? target):
        Fuzzer.Run(stream =>
        {
            using MemoryStream input = new();
            stream.CopyTo(input);
            target(input.ToArray());
        });
        return 0;
    case [string name, .. string[] files] when Targets.All.TryGetValue(name, out Action<byte[]>? target):
        foreach (string file in files)
        {
            if (!file.EndsWith(".zip", StringComparison.Ordinal)) target(File.ReadAllBytes(file));
            else foreach (byte[] input in Corpus.Read(file).Values) target(input);
        }
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        Console.Error.WriteLine($"targets: {string.Join(", ", Targets.All.Keys)}");
        return 2;
}
