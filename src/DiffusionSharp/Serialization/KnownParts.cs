using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;
using DiffusionSharp.Text;

namespace DiffusionSharp.Serialization;

/// <summary>The library's own parts of requests, each as it is where JSON says nothing.</summary>
internal static class KnownParts
{
    private static readonly Dictionary<Type, Func<object>> DefaultParts = [];

    static KnownParts()
    {
        Add(static () => new AestheticScores());
        Add(static () => new ControlPictures());
        Add(static () => new EncoderPrompts());
        Add(static () => new ImagePrompts());
        Add(static () => new PictureSizes());
        Add(static () => new ResolutionBinning(true));
        Add(static () => new TextEncodingOptions());
        Add(static () => new LowResolution(Tensor.Create<float>([0], [1])));
        Add(static () => new StepNoise(0));
        Add(static () => new ImageEmbedding(Tensor.Create<float>([0], [1])));
        Add(static () => new UnclipSettings());
        Add(static () => new UpscalerSettings());
    }

    /// <summary>Every type of part.</summary>
    public static IReadOnlyCollection<Type> Types => DefaultParts.Keys;

    /// <summary>What makes the default of each.</summary>
    public static IReadOnlyDictionary<Type, Func<object>> Defaults => DefaultParts;

    private static void Add<T>(Func<T> create)
        where T : class, IRequestPart => DefaultParts.Add(typeof(T), create);
}
