using System.Diagnostics.CodeAnalysis;
using DiffusionSharp.ImageSharp;
using Microsoft.Extensions.AI;

namespace DiffusionSharp.Extensions.AI;

/// <summary>
/// Options of an image generation by diffusion. Whoever has only <see cref="ImageGenerationOptions"/> says the same in its
/// <see cref="ImageGenerationOptions.AdditionalProperties"/>, by the names of these properties in upper or lower case.
/// </summary>
[Experimental("MEAI001")]
public class DiffusionImageOptions : ImageGenerationOptions
{
    /// <summary>Creates options that say nothing.</summary>
    public DiffusionImageOptions()
    {
    }

    /// <summary>Creates a copy.</summary>
    /// <param name="other">Options, these ones or those of Microsoft.Extensions.AI.</param>
    protected internal DiffusionImageOptions(ImageGenerationOptions? other)
        : base(other)
    {
        StreamingCount = other?.StreamingCount;
        if (other is DiffusionImageOptions options)
        {
            Seed = options.Seed;
            Steps = options.Steps;
            GuidanceScale = options.GuidanceScale;
            NegativePrompt = options.NegativePrompt;
            Strength = options.Strength;
            Mask = options.Mask;
            MaskChannel = options.MaskChannel;
            Scheduler = options.Scheduler;
            Progress = options.Progress;
        }
    }

    /// <summary>The seed of the first picture, at least 0; picture i has <c>Seed + i</c>. A random one when null, which the response says.</summary>
    public long? Seed { get; set; }

    /// <summary>Denoising steps; the pipeline's default when null.</summary>
    public int? Steps { get; set; }

    /// <summary>How strongly to follow the prompt, at least 0; the pipeline's default when null.</summary>
    public float? GuidanceScale { get; set; }

    /// <summary>What to keep out of the picture.</summary>
    public string? NegativePrompt { get; set; }

    /// <summary>How much of an original image to redraw, in [0, 1]; when null 0.8, or 1 where there is a mask.</summary>
    public double? Strength { get; set; }

    /// <summary>Where to draw the original image anew: a picture that is scaled to the original's size. Null, the default, for everywhere.</summary>
    public DataContent? Mask { get; set; }

    /// <summary>What of <see cref="Mask"/> says where: brightness by default; transparency as in OpenAI's edits.</summary>
    public MaskChannel? MaskChannel { get; set; }

    /// <summary>The sampler by name, as <see cref="Schedulers.Samplers.ByName"/> knows it, for example <c>DPM++ 2M Karras</c>; the pipeline's own when null.</summary>
    public string? Scheduler { get; set; }

    /// <summary>Told after each step; null for nobody.</summary>
    public IProgress<GenerationProgress>? Progress { get; set; }

    /// <summary>A copy, as <c>ConfigureOptions</c> makes one.</summary>
    /// <returns>The copy.</returns>
    public override ImageGenerationOptions Clone() => new DiffusionImageOptions(this);
}
