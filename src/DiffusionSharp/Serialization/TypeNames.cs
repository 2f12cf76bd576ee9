using System.Text.Json.Serialization.Metadata;
using DiffusionSharp.Conditions;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Serialization;

/// <summary>Which types may stand where several can, and by which names. Immutable.</summary>
internal sealed class TypeNames
{
    private readonly Dictionary<Type, JsonDerivedType[]> _types;

    private TypeNames(Dictionary<Type, JsonDerivedType[]> types) => _types = types;

    /// <summary>The library's own.</summary>
    public static TypeNames OfLibrary { get; } = new(new()
    {
        [typeof(GenerationRequest)] = Named(typeof(GenerationRequest), typeof(TextToImageRequest), typeof(ImageToImageRequest), typeof(InpaintingRequest)),

        [typeof(IRequestPart)] = Named([.. KnownParts.Types]),
        [typeof(IScheduler)] = Named([.. KnownSchedulers.Types]),
        [typeof(DiscreteSchedulerOptions)] = Named([.. KnownSchedulers.Options.Keys.Where(type => type.IsAssignableTo(typeof(DiscreteSchedulerOptions)))]),
        [typeof(SampleClipping)] = Named(typeof(SampleClipping.NoClipping), typeof(SampleClipping.RangeClipping), typeof(SampleClipping.DynamicThresholding)),
    });

    /// <summary>The same with another type.</summary>
    /// <exception cref="ArgumentException">There is one of its name.</exception>
    public TypeNames With<TBase, T>()
    {
        JsonDerivedType[] known = _types[typeof(TBase)];
        string name = typeof(T).Name;
        return Array.Exists(known, type => name.Equals(type.TypeDiscriminator))
            ? throw new ArgumentException($"There is a type of the name {name} already.")
            : new TypeNames(new Dictionary<Type, JsonDerivedType[]>(_types) { [typeof(TBase)] = [.. known, .. Named(typeof(T))] });
    }

    /// <summary>Has a type that stands for several written with <c>$type</c>.</summary>
    public void Discriminate(JsonTypeInfo info)
    {
        if (!_types.TryGetValue(info.Type, out JsonDerivedType[]? types))
        {
            return;
        }

        if (types.Length == 0)
        {
            // Not polymorphic, and so written as an empty object.
            info.OnSerializing = value => throw new NotSupportedException($"No {info.Type.Name} is known, not {value.GetType().Name} either.");
            return;
        }

        info.PolymorphismOptions = new JsonPolymorphismOptions();
        foreach (JsonDerivedType type in types)
        {
            info.PolymorphismOptions.DerivedTypes.Add(type);
        }
    }

    private static JsonDerivedType[] Named(params Type[] types) => Array.ConvertAll(types, type => new JsonDerivedType(type, type.Name));
}
