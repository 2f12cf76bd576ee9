using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Snippets;

internal static class ConditionSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("request-conditions", RequestConditions), ("own-condition", OwnCondition)];

    private static Task RequestConditions()
    {
        var shape = new float[16 * 16];
        #region request-conditions
        // What a network takes beside the sample and the timestep, part by part: a class, a channel behind the sample's, an input of its own.
        var request = new GenerationRequest
        {
            ClassLabel = 3,
            Conditioning = Conditioning.None
                .With(ConditionNames.Concatenated, Tensor.Create(shape, [1, 1, 16, 16]))
                .With("time_ids", Tensor.Create([512f, 512, 0, 0, 512, 512], [1, 6])),
        };
        #endregion
        Console.WriteLine(request.Conditioning);
        return Task.CompletedTask;
    }

    private static async Task OwnCondition()
    {
        using DiffusionPipeline emoji = Setup.SmallEmoji();
        #region use-own-condition
        using DiffusionPipeline pipeline = emoji.ToBuilder()
            .UseNoisePredictor(new OnnxNoisePredictor("companions/emoji-silhouette/unet/model.onnx"))
            .UseConditions(new SilhouetteConditions())
            .Build();

        // A rhombus.
        float[] inside = [.. Enumerable.Range(0, 64 * 64).Select(i => Math.Abs((i % 64) - 32) + Math.Abs((i / 64) - 32) < 28 ? 1f : 0f)];
        var shape = new Silhouette(Tensor.Create(inside, [1, 1, 64, 64]));
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a green leaf") { Parts = [shape], Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("silhouette.png");
    }

    #region own-condition
    /// <summary>The shape that a picture is to have, <c>[1, 1, H, W]</c>: 1 inside, 0 outside.</summary>
    private sealed record Silhouette(Tensor<float> Shape) : IRequestPart;

    /// <summary>Shows the network the shape, one channel behind the sample's: its mean over a latent's pixels, from [0, 1] to [-1, 1]; 0 for none.</summary>
    private sealed class SilhouetteConditions : IConditionEncoder
    {
        public IReadOnlyList<string> Provides { get; } = [ConditionNames.Concatenated];

        public void Check(GenerationRequest request)
        {
            if (request.Part<Silhouette>() is { } given && !given.Shape.Lengths.SequenceEqual([1, 1, request.Height!.Value, request.Width!.Value]))
            {
                throw new ArgumentException($"The silhouette has the shape {given.Shape.ShapeText()}, but the picture is {request.Height}x{request.Width}.", nameof(request));
            }
        }

        public void Encode(ConditionContext context)
        {
            (int height, int width) = (context.Shape.Height, context.Shape.Width);
            Tensor<float> channel = Tensor.CreateFromShape<float>([1, 1, height, width]);
            if (context.Request.Part<Silhouette>() is { } given)
            {
                int block = (int)given.Shape.Lengths[2] / height;
                for (int y = 0; y < height; y++)
                {
                    for (int x = 0; x < width; x++)
                    {
                        channel[0, 0, y, x] = (2 * Mean(given.Shape, y * block, x * block, block)) - 1;
                    }
                }
            }

            context.AddToAll(new ConditionPart(ConditionNames.Concatenated, channel) { SpatialScale = 1 });
        }

        private static float Mean(Tensor<float> shape, int top, int left, int side)
        {
            float sum = 0;
            for (int i = 0; i < side * side; i++)
            {
                sum += shape[0, 0, top + (i / side), left + (i % side)];
            }

            return sum / (side * side);
        }
    }
    #endregion
}
