using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Sampling;

/// <summary>Data that is one of a few images, all equally likely: sampling it with the optimal predictor gives one of them back.</summary>
/// <remarks>
/// By Bayes' rule image i is behind x_t with the probability w_i ∝ exp(-|x_t - sqrt(ᾱ)·y_i|²/(2·(1-ᾱ))), a softmax; E[x_0 | x_t] is the
/// mean of the images under w, and E[ε | x_t] the noise that it leaves.
/// </remarks>
internal sealed class ImageSet(params float[][] images)
{
    public IReadOnlyList<float[]> Images => images;

    /// <summary>Images of random pixels in {-1, -0.5, 0, 0.5, 1}.</summary>
    public static ImageSet Random(int count, int length, int seed)
    {
        var random = new Random(seed);
        return new ImageSet([.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => (random.Next(5) / 2f) - 1).ToArray())]);
    }

    public INoisePredictor Predictor(NoiseSchedule schedule, PredictionType type) => NoisePredictor.FromFunction((sample, timestep, plan, prediction) =>
    {
        int length = plan.Shape.ImageLength;
        for (int i = 0; i < plan.Shape.Batch; i++)
        {
            Predict(schedule.AlphaBar[(int)timestep], type, sample.Slice(i * length, length), prediction.Slice(i * length, length));
        }
    });

    /// <summary>Which image is the nearest, and the largest difference to it.</summary>
    public (int Index, double Distance) Nearest(ReadOnlySpan<float> picture)
    {
        (int Index, double Distance) nearest = (-1, double.PositiveInfinity);
        for (int k = 0; k < images.Length; k++)
        {
            double distance = 0;
            for (int i = 0; i < picture.Length; i++)
            {
                distance = Math.Max(distance, Math.Abs(picture[i] - images[k][i]));
            }

            nearest = distance < nearest.Distance ? (k, distance) : nearest;
        }

        return nearest;
    }

    private void Predict(double alphaBar, PredictionType type, ReadOnlySpan<float> x, Span<float> prediction)
    {
        double signal = Math.Sqrt(alphaBar);
        var weights = new double[images.Length];
        for (int k = 0; k < images.Length; k++)
        {
            for (int i = 0; i < x.Length; i++)
            {
                double difference = x[i] - (signal * images[k][i]);
                weights[k] -= difference * difference / (2 * (1 - alphaBar));
            }
        }

        double largest = weights.Max();
        weights = Array.ConvertAll(weights, w => Math.Exp(w - largest));
        double sum = weights.Sum();
        for (int i = 0; i < x.Length; i++)
        {
            double original = 0;
            for (int k = 0; k < images.Length; k++)
            {
                original += weights[k] / sum * images[k][i];
            }

            double noise = (x[i] - (signal * original)) / Math.Sqrt(1 - alphaBar);
            prediction[i] = (float)OptimalPrediction.Of(type, alphaBar, original, noise);
        }
    }
}
