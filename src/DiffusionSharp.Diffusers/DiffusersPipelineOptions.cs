using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Diffusers;

/// <summary>How a diffusers folder is loaded: as a folder of ONNX models is, and what only weights of one's own can be.</summary>
public sealed record DiffusersPipelineOptions : OnnxPipelineOptions
{
    /// <summary>Changes to the weights, which add up. None by default.</summary>
    public IReadOnlyList<LoraFile> Loras { get; init; } = [];

    /// <summary>
    /// A file with all networks of Stable Diffusion 1.x, 2.x or XL, or with the transformer of Flux, as people share them; its weights take the place of the folder's, which then
    /// needs only its configurations, tokenizers and scheduler, and whatever weights the file does not have. Null, the default, for the folder's own weights.
    /// </summary>
    public string? SingleFile { get; init; }

    /// <summary>
    /// Whether float32 weights stay where they lie, mapped from their files: loading takes a second and hardly any memory, which several pipelines
    /// share, and a step takes longer. False by default: ONNX Runtime then rearranges them in memory of its own, which is fastest.
    /// </summary>
    public bool MapsWeights { get; init; }

    /// <summary>
    /// Writes UNet and decoder for the sizes that pictures are drawn in, which is faster on a processor and takes more memory. Null, the default, to write them once for
    /// all sizes.
    /// </summary>
    public FastSizes? Fast { get; init; }

    /// <summary>These options, or the defaults.</summary>
    /// <exception cref="ArgumentException"><see cref="Fast"/> is asked for on another provider than the processor.</exception>
    internal static DiffusersPipelineOptions Checked(DiffusersPipelineOptions? options)
    {
        options ??= new DiffusersPipelineOptions();
        return options.Fast is null || options.Onnx.Provider == ExecutionProvider.Cpu
            ? options
            : throw new ArgumentException($"{nameof(DiffusersPipelineOptions)}.{nameof(Fast)} is for the processor, but the provider is {options.Onnx.Provider}.", nameof(options));
    }
}
