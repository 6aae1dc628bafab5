using SharpFuzz;
using VerseEtl.Fuzz;

// seeds <dir>: starting files, one folder a target. <target> <file>...: replays files. <target>: under afl-fuzz, which feeds standard input.
if (args is ["seeds", string folder])
{
    Seeds.Write(folder);
    return 0;
}
if (args.Length == 0 || !Targets.All.TryGetValue(args[0], out Action<byte[]>? target))
{
    Console.Error.WriteLine($"seeds <dir>, or one of {string.Join(", ", Targets.All.Keys)} with or without files to replay");
    return 2;
}
foreach (string file in args[1..]) target(File.ReadAllBytes(file));
if (args.Length == 1)
{
    Fuzzer.Run(stream =>
    {
        using MemoryStream input = new();
        stream.CopyTo(input);
        target(input.ToArray());
    });
}
return 0;
