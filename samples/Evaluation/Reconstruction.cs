using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Samples.Evaluation;

/// <summary>How well pictures survive the autoencoder.</summary>
/// <param name="Decibels">The peak signal-to-noise ratio of the mean squared error of all pictures.</param>
/// <param name="Pictures">How many pictures.</param>
internal sealed record Reconstruction(double Decibels, int Pictures)
{
    /// <summary>Encodes scenes to the means of their latents, and decodes these.</summary>
    /// <param name="pipeline">The pipeline, with a latent encoder.</param>
    /// <param name="renderer">Draws the scenes.</param>
    /// <param name="size">Height and width of a picture.</param>
    /// <param name="scenes">The scenes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static Reconstruction Measure(DiffusionPipeline pipeline, SceneRenderer renderer, int size, IReadOnlyList<Scene> scenes, CancellationToken cancellationToken)
    {
        if (pipeline.LatentEncoder is not { } encoder)
        {
            throw new InvalidOperationException("The model folder has no latent encoder, so its autoencoder cannot be measured.");
        }

        double sum = 0;
        foreach (Scene scene in scenes)
        {
            float[] target = renderer.Render(scene);
            Tensor<float> latent = encoder.Encode(Tensor.Create(target, [1, 3, size, size]), new ZeroNoise(), cancellationToken);
            float[] output = pipeline.LatentDecoder!.Decode(latent, DecodingContext.None, cancellationToken).Values().ToArray();
            TensorPrimitives.Clamp(output, -1, 1, output);
            TensorPrimitives.Subtract(output, target, output);
            sum += (double)TensorPrimitives.SumOfSquares<float>(output) / output.Length;
        }

        // The range of the pictures is 2 wide, so the square of the peak signal is 4.
        return new Reconstruction(10 * Math.Log10(4 * scenes.Count / sum), scenes.Count);
    }

    // What an encoder draws with this is the mean.
    private sealed class ZeroNoise : INoiseSource
    {
        public void Fill(Span<float> destination) => destination.Clear();

        public void Save(BinaryWriter writer)
        {
        }

        public void Restore(BinaryReader reader)
        {
        }
    }
}
