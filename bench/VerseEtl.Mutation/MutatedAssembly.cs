using System.Diagnostics;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace VerseEtl.Mutation;

/// <summary>
/// Stryker's assembly, in which all mutants are compiled at once, each behind a question. A hot loop has dozens of them, which makes it
/// fifteen times as slow: so it is written anew with the questions of one source file only, and all others answered for good.
/// </summary>
internal sealed class MutatedAssembly(string strykers, string written)
{
    /// <summary>Leaves the questions of some mutants.</summary>
    public void Ask(IReadOnlySet<int> mutants) => Write((method, question, switched) =>
    {
        foreach ((Instruction id, Instruction call) in Questions(method, question))
        {
            if (mutants.Contains((int)id.Operand)) call.Operand = switched;
            else Answer(id, call);
        }
    });

    /// <summary>Leaves one question a method, at its beginning, for the first of these mutants in it: cheap, and shows what a test reaches.</summary>
    public void AskOncePerCall(IReadOnlySet<int> mutants) => Write((method, question, switched) =>
    {
        int? first = null;
        foreach ((Instruction id, Instruction call) in Questions(method, question))
        {
            if (mutants.Contains((int)id.Operand)) first ??= (int)id.Operand;
            Answer(id, call);
        }

        if (first is not { } mutant) return;
        ILProcessor body = method.Body.GetILProcessor();
        Instruction begin = method.Body.Instructions[0];
        body.InsertBefore(begin, Instruction.Create(OpCodes.Ldc_I4, mutant));
        body.InsertBefore(begin, Instruction.Create(OpCodes.Call, switched));
        body.InsertBefore(begin, Instruction.Create(OpCodes.Pop));
    });

    private static List<(Instruction Id, Instruction Call)> Questions(MethodDefinition method, MethodDefinition question) =>
    [
        .. from call in method.Body.Instructions
           where call.OpCode == OpCodes.Call && call.Operand == question
           select (call.Previous, call),
    ];

    private static void Answer(Instruction id, Instruction call)
    {
        (id.OpCode, id.Operand) = (OpCodes.Nop, null);
        (call.OpCode, call.Operand) = (OpCodes.Ldc_I4_0, null);
    }

    private void Write(Action<MethodDefinition, MethodDefinition, MethodReference> change)
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(strykers);
        ModuleDefinition module = assembly.MainModule;
        TypeDefinition control = module.Types.Single(type => type.Name == "MutantControl");
        MethodDefinition question = control.Methods.Single(method => method.Name == nameof(Switch.IsActive));
        MethodReference switched = module.ImportReference(typeof(Switch).GetMethod(nameof(Switch.IsActive)));
        foreach (MethodDefinition method in module.GetTypes().Where(type => type != control).SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            // constants of the short forms become of the long one, and branches grow with them
            method.Body.SimplifyMacros();
            change(method, question, switched);
            method.Body.OptimizeMacros();
        }

        // Stryker compiles for a debugger, which stops the JIT from optimizing
        assembly.CustomAttributes.Remove(assembly.CustomAttributes.Single(attribute => attribute.AttributeType.Name == nameof(DebuggableAttribute)));
        assembly.Write(written);
    }
}
