using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp;

/// <summary>What of a request's sample is known beforehand.</summary>
internal static class KnownParts
{
    /// <summary>The known region that the request's mask says, to be filled with the picture and the initial noise; null without a mask.</summary>
    public static KnownRegion? Of(ResolvedRequest request)
    {
        if (request.Request.Mask is not { } mask)
        {
            return null;
        }

        SampleShape shape = request.Shape;
        int plane = shape.Height * shape.Width;
        float[] places = LatentMask.Reduce(mask, shape);
        var values = new float[shape.Length];
        for (int i = 0; i < values.Length; i += plane)
        {
            places.AsSpan(i / shape.ImageLength * plane, plane).CopyTo(values.AsSpan(i));
        }

        return new KnownRegion(new float[shape.Length], values, new float[shape.Length]);
    }
}
