using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>Plans for the fixtures' noise predictors, every row of a condition different.</summary>
internal static class Plans
{
    public static SampleShape Shape(int batch, int channels = 4, int height = 4, int width = 6) => new(batch, channels, height, width);

    /// <summary>Tokens for cross-attention, [B, 3, 4].</summary>
    public static Conditioning Context(int batch) => Conditioning.Of((ConditionNames.Context, Values.Tensor(50, batch, 3, 4)));

    public static PredictionPlan WithContext(int batch = 2) => new(Shape(batch), Context(batch));

    public static PredictionPlan WithoutConditions(int batch = 2) => new(Shape(batch), Conditioning.None);

    /// <summary>What the model pooled-and-time-ids needs: an embedding and six numbers for each image.</summary>
    public static Conditioning PooledAndTimeIds(int batch) =>
        Context(batch).With(ConditionNames.Pooled, Values.Tensor(7, batch, 2)).With("time_ids", Values.Tensor(90, batch, 6));

    /// <summary>A mask and masked latents, [B, 5, H, W].</summary>
    public static Conditioning MaskAndLatents(int batch) => Conditioning.Of((ConditionNames.Concatenated, Values.Tensor(11, batch, 5, 4, 6)));
}
