using VerseEtl.StartProfile;

// PROGRAM OUTPUT LIST...: a profile of the methods that a published program compiled as it ran, for its next compilation (eng/start-profile)
if (args.Length < 3)
{
    Console.Error.WriteLine("usage: PROGRAM-FOLDER PROFILE.mibc LIST...");
    return 2;
}
using ProfileFile profile = new(new PublishedTypes(args[0]));
int unknown = 0;
foreach (CompiledMethod method in CompiledMethod.InLists(args[2..]))
{
    try
    {
        profile.Add(method);
    }
    catch (KeyNotFoundException missing)
    {
        unknown++;
        Console.Error.WriteLine($"left out, {missing.Message}: {method.Type}:{method.Name}");
    }
}
profile.Write(args[1]);
Console.WriteLine($"{profile.Methods} methods in {args[1]}; {unknown} left out");
return 0;
