using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>The gradients of one generation. Not thread-safe.</summary>
public interface IClassifierRun : IDisposable
{
    /// <summary>∇ log p(y | input), each picture's of its own class.</summary>
    /// <param name="input">What the noise predictor was asked at, <c>[B, C, H, W]</c>.</param>
    /// <param name="at">Where the generation stands.</param>
    /// <param name="gradient">Receives the gradient with respect to <paramref name="input"/>, of the same shape.</param>
    /// <exception cref="OperationCanceledException">The plan's token was cancelled.</exception>
    void Gradient(ReadOnlySpan<float> input, in StepPoint at, Span<float> gradient);
}
