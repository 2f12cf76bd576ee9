using DiffusionSharp.Conditions;
using DiffusionSharp.Text;

namespace DiffusionSharp.Serialization;

/// <summary>The library's own parts of requests, each as it is where JSON says nothing.</summary>
internal static class KnownParts
{
    private static readonly Dictionary<Type, Func<object>> DefaultParts = [];

    static KnownParts()
    {
        Add(static () => new AestheticScores());
        Add(static () => new EncoderPrompts());
        Add(static () => new PictureSizes());
        Add(static () => new ResolutionBinning(true));
        Add(static () => new TextEncodingOptions());
    }

    /// <summary>Every type of part.</summary>
    public static IReadOnlyCollection<Type> Types => DefaultParts.Keys;

    /// <summary>What makes the default of each.</summary>
    public static IReadOnlyDictionary<Type, Func<object>> Defaults => DefaultParts;

    private static void Add<T>(Func<T> create)
        where T : class, IRequestPart => DefaultParts.Add(typeof(T), create);
}
