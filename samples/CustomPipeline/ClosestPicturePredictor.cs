using System.Numerics.Tensors;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

/// <summary>
/// The optimal noise predictor where the data are just a few pictures: E[x_0 | x_t] is their mean, weighted by a softmax of
/// <c>-|x_t - sqrt(ᾱ)·picture|²/(2(1-ᾱ))</c>, and ε follows from it.
/// </summary>
internal sealed class ClosestPicturePredictor(float[][] pictures, NoiseSchedule schedule) : INoisePredictor
{
    public const int Side = 64;

    public IPredictionRun Start(PredictionPlan plan) => NoisePredictor.FromFunction(Predict).Start(plan);

    private void Predict(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
    {
        float alphaBar = schedule.AlphaBar[(int)timestep];
        int length = plan.Shape.ImageLength;
        for (int image = 0; image < plan.Shape.Batch; image++)
        {
            ReadOnlySpan<float> noisy = sample.Slice(image * length, length);
            Span<float> expected = prediction.Slice(image * length, length);
            var weights = new float[pictures.Length];
            for (int k = 0; k < pictures.Length; k++)
            {
                TensorPrimitives.Multiply(pictures[k], MathF.Sqrt(alphaBar), expected);
                float distance = TensorPrimitives.Distance<float>(noisy, expected);
                weights[k] = -distance * distance / (2 * (1 - alphaBar));
            }

            TensorPrimitives.Subtract(weights, TensorPrimitives.Max<float>(weights), weights);
            TensorPrimitives.SoftMax(weights, weights);
            expected.Clear();
            for (int k = 0; k < pictures.Length; k++)
            {
                TensorPrimitives.MultiplyAdd(pictures[k], weights[k], expected, expected);
            }

            // ε = (x_t - sqrt(ᾱ)·E[x_0 | x_t]) / sqrt(1-ᾱ)
            TensorPrimitives.MultiplyAdd(expected, -MathF.Sqrt(alphaBar), noisy, expected);
            TensorPrimitives.Divide(expected, MathF.Sqrt(1 - alphaBar), expected);
        }
    }
}
