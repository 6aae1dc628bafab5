using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace VerseEtl.Host.Tests.Architecture;

/// <summary>Which types of a module refer to which others of it: in signatures, bodies, attributes and generic arguments.</summary>
internal static class TypeReferences
{
    /// <summary>Pairs of different types; a nested type, lambda or state machine counts as the type around it.</summary>
    public static IEnumerable<(TypeDefinition From, TypeDefinition To)> Of(ModuleDefinition module) =>
        (from type in module.GetAllTypes()
         from reference in OfType(type).SelectMany(Parts)
         where reference.Scope == module
         let pair = (From: Outermost(type), To: Outermost(reference.Resolve()))
         where pair.From != pair.To
         select pair).Distinct();

    private static IEnumerable<TypeReference?> OfType(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(one => one.InterfaceType),
        .. type.GenericParameters.SelectMany(OfParameter),
        .. OfAttributes(type),
        .. type.Interfaces.SelectMany(OfAttributes),
        .. type.Fields.SelectMany(field => OfAttributes(field).Prepend(field.FieldType)),
        .. type.Properties.SelectMany(property => OfAttributes(property).Prepend(property.PropertyType)),
        .. type.Events.SelectMany(one => OfAttributes(one).Prepend(one.EventType)),
        .. type.Methods.SelectMany(OfMethod),
    ];

    private static IEnumerable<TypeReference?> OfMethod(MethodDefinition method) =>
    [
        .. OfSignature(method),
        .. OfAttributes(method),
        .. OfAttributes(method.MethodReturnType),
        .. method.Parameters.SelectMany(OfAttributes),
        .. method.GenericParameters.SelectMany(OfParameter),
        .. method.Overrides.SelectMany(OfSignature),
        .. method.HasBody ? OfBody(method) : [],
    ];

    private static IEnumerable<TypeReference?> OfBody(MethodDefinition method) =>
    [
        .. method.Body.Variables.Select(variable => variable.VariableType),
        .. method.Body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. method.Body.Instructions.SelectMany(instruction => instruction.Operand switch
        {
            TypeReference type => [type],
            MethodReference called => OfSignature(called),
            FieldReference field => [field.DeclaringType, field.FieldType],
            _ => (IEnumerable<TypeReference?>)[],
        }),
    ];

    private static IEnumerable<TypeReference?> OfSignature(MethodReference method) =>
    [
        method.DeclaringType,
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method is GenericInstanceMethod closed ? closed.GenericArguments : [],
    ];

    private static IEnumerable<TypeReference?> OfParameter(GenericParameter parameter) =>
        parameter.Constraints.Select(constraint => constraint.ConstraintType).Concat(OfAttributes(parameter));

    private static IEnumerable<TypeReference?> OfAttributes(ICustomAttributeProvider provider) =>
        from attribute in provider.CustomAttributes
        let named = attribute.Properties.Concat(attribute.Fields).Select(one => one.Argument)
        from type in attribute.ConstructorArguments.Concat(named).SelectMany(OfArgument).Prepend(attribute.AttributeType)
        select type;

    private static IEnumerable<TypeReference?> OfArgument(CustomAttributeArgument argument) => argument.Value switch
    {
        TypeReference type => [argument.Type, type],
        CustomAttributeArgument[] several => several.SelectMany(OfArgument),
        CustomAttributeArgument boxed => OfArgument(boxed),
        _ => [argument.Type],
    };

    /// <summary>A type and its arguments, without array, pointer and reference signs.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType closed => closed.GenericArguments.SelectMany(Parts).Concat(Parts(closed.ElementType)),
        RequiredModifierType modified => Parts(modified.ModifierType).Concat(Parts(modified.ElementType)),
        TypeSpecification specified => Parts(specified.ElementType),
        _ => [type],
    };

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
