using System.Numerics.Tensors;

namespace DiffusionSharp;

/// <summary>
/// A generation after one of its steps. Costs nothing until it is asked for something; valid until the enumeration moves on.
/// </summary>
public readonly struct DenoisingStep
{
    private readonly DenoisingLoop _loop;
    private readonly int _version;

    internal DenoisingStep(DenoisingLoop loop, int index, int count, double timestep)
    {
        _loop = loop;
        _version = loop.Version;
        (Index, Count, Timestep) = (index, count, timestep);
    }

    /// <summary>Which step was done, from 0 to <c>Count - 1</c>; -1 where there was none to do.</summary>
    public int Index { get; }

    /// <summary>Steps in all.</summary>
    public int Count { get; }

    /// <summary>The timestep that the model was asked at, in training units; 0 where it was not asked.</summary>
    public double Timestep { get; }

    /// <summary>Whether this is the last step.</summary>
    public bool IsLast => Index == Count - 1;

    /// <summary>The noisy latents after the step, <c>[B, C, h, w]</c>, copied.</summary>
    /// <returns>The latents.</returns>
    /// <exception cref="InvalidOperationException">The generation has moved on or ended.</exception>
    public Tensor<float> CopyLatents() => Loop().CopyLatents();

    /// <summary>What the model took for the clean latents x_0 in this step, <c>[B, C, h, w]</c>; the latents where it was not asked.</summary>
    /// <returns>The predicted clean latents.</returns>
    /// <exception cref="InvalidOperationException">The generation has moved on or ended.</exception>
    public Tensor<float> PredictOriginal() => Loop().PredictOriginal();

    /// <summary>Decodes what the model took for the clean picture in this step (not the noisy sample).</summary>
    /// <returns>A preview of every picture.</returns>
    /// <exception cref="InvalidOperationException">The generation has moved on or ended.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public IReadOnlyList<GeneratedImage> DecodePreview() => Loop().DecodePreview();

    /// <summary>Decodes the latents after this step; at the last step, the generation's result.</summary>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidOperationException">The generation has moved on or ended.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public GenerationResult DecodeResult() => Loop().DecodeResult();

    private DenoisingLoop Loop() => _loop is { } loop && loop.Version == _version
        ? loop
        : throw new InvalidOperationException("This step is over: previews and results can be decoded only until the enumeration moves on.");
}
