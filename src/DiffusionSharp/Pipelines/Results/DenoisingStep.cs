using System.Numerics.Tensors;
using DiffusionSharp.Serialization;

namespace DiffusionSharp;

/// <summary>
/// A generation after one of its steps. Costs nothing until it is asked for something; valid until the enumeration moves on. What is asked
/// for is copied at the call, so that the enumeration may move on while it is decoded.
/// </summary>
public readonly struct DenoisingStep
{
    private readonly DenoisingLoop _loop;
    private readonly DiffusionPipeline _pipeline;
    private readonly int _version;

    internal DenoisingStep(DenoisingLoop loop, DiffusionPipeline pipeline)
    {
        (_loop, _pipeline, _version) = (loop, pipeline, loop.Version);
        (Index, Count, Timestep, StageCount) = (loop.Index, loop.Count, loop.Timestep, 1);
    }

    /// <summary>Which model call was made, from 0 to <c>Count - 1</c>; -1 where there was none to make.</summary>
    public int Index { get; }

    /// <summary>Model calls in all.</summary>
    public int Count { get; }

    /// <summary>The timestep that the model was asked at, in training units; 0 where it was not asked.</summary>
    public double Timestep { get; }

    /// <summary>The stage of a <see cref="Cascade"/>, from 0; 0 where there is only one.</summary>
    public int Stage { get; init; }

    /// <summary>Stages in all.</summary>
    public int StageCount { get; init; }

    /// <summary>What the stage of a cascade began with; null where there is none.</summary>
    internal CascadeState? Before { get; init; }

    /// <summary>Whether this is the last step, of the last stage.</summary>
    public bool IsLast => Index == Count - 1 && Stage == StageCount - 1;

    /// <summary>The noisy latents after the step, <c>[B, C, h, w]</c>, copied.</summary>
    /// <returns>The latents.</returns>
    /// <exception cref="InvalidOperationException">The generation has moved on or ended.</exception>
    public Tensor<float> CopyLatents() => Loop().CopyLatents();

    /// <summary>What the model took for the clean latents x_0 in this step, <c>[B, C, h, w]</c>; the latents where it was not asked.</summary>
    /// <returns>The predicted clean latents.</returns>
    /// <exception cref="InvalidOperationException">The generation has moved on or ended.</exception>
    public Tensor<float> PredictOriginal() => Loop().PredictOriginal();

    /// <summary>Decodes what the model took for the clean picture in this step (not the noisy sample), on one of the pipeline's threads.</summary>
    /// <returns>A preview of every picture; empty where the pipeline has no decoder.</returns>
    /// <exception cref="InvalidOperationException">The generation has moved on or ended.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public Task<IReadOnlyList<GeneratedImage>> DecodePreviewAsync()
    {
        Tensor<float> original = Loop().PredictOriginal();
        return DecodeAsync(decoding => decoding.Preview(original));
    }

    /// <summary>Decodes the latents after this step, on one of the pipeline's threads; at the last step, the generation's result.</summary>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidOperationException">The generation has moved on or ended.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public Task<GenerationResult> DecodeResultAsync()
    {
        DenoisingLoop loop = Loop();
        Tensor<float> latents = loop.CopyLatents();
        GenerationTimings timings = loop.Timings(TimeSpan.Zero);
        IReadOnlyList<GenerationResult> before = Before?.Results ?? [];
        return DecodeAsync(decoding => decoding.Result(latents, time => timings with { Decoding = time }).After(before));
    }

    /// <summary>
    /// Writes a checkpoint, from which <see cref="DiffusionPipeline.ResumeAsync(Stream, GenerationRequestJson?, CancellationToken)"/> goes on in another process, on another machine, to the same
    /// picture to the last bit; from a stage of a cascade <see cref="Cascade.ResumeAsync"/> does. It begins with a front that is the same in every step (<see cref="CheckpointFront"/>).
    /// </summary>
    /// <param name="stream">Where to; left open. Write to a new file and move it into place, so that there is a whole one whenever the process dies.</param>
    /// <param name="json">Knows the types of outsiders in the request; the library's own where null.</param>
    /// <exception cref="InvalidOperationException">The generation has moved on or ended.</exception>
    /// <exception cref="NotSupportedException">The request or its scheduler holds something that no checkpoint can, such as a delegate.</exception>
    public void SaveCheckpoint(Stream stream, GenerationRequestJson? json = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (CascadeState? before, int stages) = (Before, StageCount);
        Loop().Save(stream, before is null ? null : () => CascadeCheckpoint.Of(before, stages), json ?? GenerationRequestJson.Default);
    }

    private async Task<T> DecodeAsync<T>(Func<ResultDecoding, T> decode)
    {
        ResultDecoding decoding = _loop.Decoding;
        PartHold hold = _pipeline.HoldOn();
        await using (hold.ConfigureAwait(false))
        {
            return await _pipeline.Threads.RunAsync(() => decode(decoding), decoding.CancellationToken).ConfigureAwait(false);
        }
    }

    private DenoisingLoop Loop() => _loop is { } loop && loop.Version == _version
        ? loop
        : throw new InvalidOperationException("This step is over: previews and results can be decoded only until the enumeration moves on.");
}
