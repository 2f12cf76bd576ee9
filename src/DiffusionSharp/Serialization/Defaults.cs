using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Serialization;

/// <summary>What a type is where JSON says nothing. What a constructor asks for stands in until JSON, which must, says what it is.</summary>
internal static class Defaults
{
    private static readonly Dictionary<Type, Func<object>> Creations = new(KnownSchedulers.Options.Concat(KnownParts.Defaults))
    {
        [typeof(GenerationRequest)] = static () => new GenerationRequest(),
        [typeof(TextToImageRequest)] = static () => new TextToImageRequest(""),
        [typeof(ImageToImageRequest)] = static () => new ImageToImageRequest("", Tensor<float>.Empty),
        [typeof(InpaintingRequest)] = static () => new InpaintingRequest("", Tensor<float>.Empty, Tensor<float>.Empty),
        [typeof(ControlPicture)] = static () => new ControlPicture(Tensor<float>.Empty),
        [typeof(DynamicShift)] = static () => new DynamicShift(),
    };

    /// <summary>Makes an object with all defaults; null for types that have none.</summary>
    public static Func<object>? Of(Type type) => Creations.GetValueOrDefault(type);
}
