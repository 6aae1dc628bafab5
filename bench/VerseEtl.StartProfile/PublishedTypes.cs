using Mono.Cecil;

namespace VerseEtl.StartProfile;

/// <summary>The types of a published program by their full names.</summary>
internal sealed class PublishedTypes
{
    private static readonly Dictionary<string, string> Primitives = new()
    {
        ["bool"] = "Boolean", ["byte"] = "Byte", ["ubyte"] = "Byte", ["sbyte"] = "SByte", ["char"] = "Char", ["short"] = "Int16", ["ushort"] = "UInt16",
        ["int"] = "Int32", ["uint"] = "UInt32", ["long"] = "Int64", ["ulong"] = "UInt64", ["nint"] = "IntPtr", ["nuint"] = "UIntPtr",
        ["float"] = "Single", ["double"] = "Double",
    };

    private readonly Dictionary<string, TypeDefinition> _types = [];

    public PublishedTypes(string folder)
    {
        Resolver.AddSearchDirectory(folder);
        IEnumerable<string> files = Directory.GetFiles(folder, "*.dll")
            .OrderByDescending(file => Path.GetFileName(file) == "System.Private.CoreLib.dll").ThenBy(file => file, StringComparer.Ordinal);
        foreach (string file in files)
        {
            if (Opened(file) is ModuleDefinition module) Add(module.Types);
        }
    }

    public DefaultAssemblyResolver Resolver { get; } = new();

    /// <summary>The type of this name, without its arguments; that of the framework's core where several assemblies have one.</summary>
    /// <exception cref="KeyNotFoundException">The program has none.</exception>
    public TypeDefinition this[string name] => _types[Primitives.TryGetValue(name, out string? core) ? "System." + core : name];

    /// <summary>Null for a library of native code.</summary>
    private ModuleDefinition? Opened(string file)
    {
        try
        {
            return ModuleDefinition.ReadModule(file, new ReaderParameters { AssemblyResolver = Resolver });
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private void Add(IEnumerable<TypeDefinition> types)
    {
        foreach (TypeDefinition type in types)
        {
            _types.TryAdd(type.FullName.Replace('/', '+'), type);
            Add(type.NestedTypes);
        }
    }
}
