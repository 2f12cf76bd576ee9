namespace DiffusionSharp.Text;

/// <summary>What weights do, by stable-diffusion-webui's names.</summary>
public enum A1111Emphasis
{
    /// <summary>Vectors are multiplied with their weights, and the chunk is scaled so that its mean stays.</summary>
    Original,

    /// <summary>Vectors are multiplied with their weights; said to suit Stable Diffusion XL better.</summary>
    NoNorm,

    /// <summary>Brackets are read, but change nothing.</summary>
    Ignore,

    /// <summary>Brackets, colons and BREAK are text.</summary>
    None,
}
