using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VerseEtl.StartProfile;

/// <summary>
/// A profile as the compiler of ready-to-run code reads it (.mibc): an assembly whose global method AssemblyDictionary names groups of
/// methods, and whose groups load a token of each method. In a group are the methods whose types come from the same assemblies, that of
/// the method first.
/// </summary>
internal sealed class ProfileFile : IDisposable
{
    private readonly AssemblyDefinition _assembly;
    private readonly PublishedTypes _types;
    private readonly SortedDictionary<string, List<MethodReference>> _groups = new(StringComparer.Ordinal);

    public ProfileFile(PublishedTypes types)
    {
        _types = types;
        _assembly = AssemblyDefinition.CreateAssembly(new AssemblyNameDefinition("start.mibc", new Version(0, 0)), "start.mibc",
            new ModuleParameters { Kind = ModuleKind.Dll, AssemblyResolver = types.Resolver });
        Module.AssemblyReferences.Add(AssemblyNameReference.Parse(types["System.Object"].Module.Assembly.Name.FullName));
    }

    private ModuleDefinition Module => _assembly.MainModule;

    public int Methods => _groups.Values.Sum(methods => methods.Count);

    /// <summary>Every overload that has as many parameters: names of parameters alone do not tell them apart.</summary>
    /// <exception cref="KeyNotFoundException">A type is not part of the program.</exception>
    public void Add(CompiledMethod method)
    {
        SortedSet<string> assemblies = new(StringComparer.Ordinal);
        TypeReference type = Type(method.Type, assemblies);
        TypeDefinition definition = _types[CompiledMethod.Generic(method.Type).Name];
        TypeReference[] arguments = [.. method.Arguments.Select(argument => Type(argument, assemblies))];
        string home = definition.Module.Assembly.Name.Name;
        assemblies.Remove(home);
        string group = string.Concat(assemblies.Prepend(home).Select(assembly => assembly + ";"));
        if (!_groups.TryGetValue(group, out List<MethodReference>? methods)) _groups[group] = methods = [];
        methods.AddRange(definition.Methods.Where(known =>
            known.Name == method.Name && known.Parameters.Count == method.Parameters && known.GenericParameters.Count == arguments.Length)
            .Select(known => Over(known, type, arguments)));
    }

    public void Write(string file)
    {
        MethodDefinition dictionary = Global("AssemblyDictionary");
        ILProcessor names = dictionary.Body.GetILProcessor();
        foreach ((string assemblies, List<MethodReference> methods) in _groups)
        {
            MethodDefinition group = Global($"Group{Module.Types[0].Methods.Count}");
            ILProcessor tokens = group.Body.GetILProcessor();
            foreach (MethodReference method in methods)
            {
                tokens.Emit(OpCodes.Ldtoken, method);
                tokens.Emit(OpCodes.Pop);
            }
            names.Emit(OpCodes.Ldstr, assemblies);
            names.Emit(OpCodes.Ldtoken, group);
            names.Emit(OpCodes.Pop);
        }
        _assembly.Write(file, new WriterParameters { DeterministicMvid = true, Timestamp = 0 });
    }

    public void Dispose() => _assembly.Dispose();

    private TypeReference Type(string text, SortedSet<string> assemblies)
    {
        if (text.EndsWith("[]", StringComparison.Ordinal)) return new ArrayType(Type(text[..^2], assemblies));
        (string name, IReadOnlyList<string> arguments) = CompiledMethod.Generic(text);
        TypeDefinition definition = _types[name];
        assemblies.Add(definition.Module.Assembly.Name.Name);
        TypeReference type = Module.ImportReference(definition);
        if (arguments.Count == 0) return type;
        GenericInstanceType over = new(type);
        foreach (string argument in arguments) over.GenericArguments.Add(Type(argument, assemblies));
        return over;
    }

    private MethodReference Over(MethodDefinition definition, TypeReference type, TypeReference[] arguments)
    {
        MethodReference known = Module.ImportReference(definition);
        MethodReference method = new(known.Name, known.ReturnType, type)
        {
            HasThis = known.HasThis,
            ExplicitThis = known.ExplicitThis,
            CallingConvention = known.CallingConvention,
        };
        foreach (ParameterDefinition parameter in known.Parameters) method.Parameters.Add(new ParameterDefinition(parameter.ParameterType));
        foreach (GenericParameter parameter in known.GenericParameters) method.GenericParameters.Add(new GenericParameter(parameter.Name, method));
        if (arguments.Length == 0) return method;
        GenericInstanceMethod over = new(method);
        foreach (TypeReference argument in arguments) over.GenericArguments.Add(argument);
        return over;
    }

    private MethodDefinition Global(string name)
    {
        MethodDefinition method = new(name, MethodAttributes.Public | MethodAttributes.Static, Module.TypeSystem.Void);
        Module.Types[0].Methods.Add(method);
        return method;
    }
}
