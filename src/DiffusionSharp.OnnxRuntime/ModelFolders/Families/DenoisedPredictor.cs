using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// A network F in the terms of Karras et al. 2022 (arXiv:2206.00364, eq. 7, for data of unit variance), made a prediction of x_0: it is asked at log(σ)/4, and
/// x_0 = α·input + σ·α·F with α = 1/√(σ²+1). Channels of F behind those of the sample are dropped.
/// </summary>
internal sealed class DenoisedPredictor(INoisePredictor network) : DelegatingNoisePredictor(network)
{
    public override IPredictionRun Start(PredictionPlan plan) => new Run(Inner.Start(plan), new float[plan.Shape.Length]);

    private sealed class Run(IPredictionRun network, float[] denoised) : DelegatingPredictionRun(network)
    {
        public override Span<float> Prediction => denoised;

        public override void Predict(in StepPoint at)
        {
            // By σ of a sample whose signal is not scaled; inputs of any scheduler are α times that.
            double sigma = at.Level.Sigma / at.Level.Alpha;
            double alpha = 1 / Math.Sqrt((sigma * sigma) + 1);
            Inner.Predict(at with { Level = at.Level with { Timestep = Math.Log(sigma) / 4 } });
            int length = Shape.ImageLength;
            for (int i = 0; i < Shape.Batch; i++)
            {
                Span<float> row = denoised.AsSpan(i * length, length);
                ReadOnlySpan<float> predicted = Inner.Prediction.Slice(i * (Inner.Prediction.Length / Shape.Batch), length);
                TensorPrimitives.Multiply(Inner.Sample.Slice(i * length, length), (float)alpha, row);
                TensorPrimitives.MultiplyAdd(predicted, (float)(sigma * alpha), row, row);
            }
        }
    }
}
