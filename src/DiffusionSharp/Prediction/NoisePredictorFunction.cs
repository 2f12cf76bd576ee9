namespace DiffusionSharp.Prediction;

/// <summary>A noise predictor as a function.</summary>
/// <param name="sample">The noisy sample <c>[B, C, H, W]</c>, row-major.</param>
/// <param name="timestep">The timestep in training units.</param>
/// <param name="plan">The shape of the sample and what it is conditioned on.</param>
/// <param name="prediction">Receives the prediction, of the same shape as the sample.</param>
public delegate void NoisePredictorFunction(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction);
