using System.Numerics.Tensors;

namespace DiffusionSharp;

/// <summary>Checks the picture and the mask of a request.</summary>
internal static class PictureChecks
{
    /// <summary>Throws where a picture is not one of finite numbers.</summary>
    /// <returns>Its height and width.</returns>
    public static (int Height, int Width) RequirePicture(Tensor<float> image)
    {
        if (image.Rank != 4 || image.Lengths[0] != 1)
        {
            throw new ArgumentException($"The initial image has the shape {image.ShapeText()}, but it must be [1, channels, height, width].", nameof(GenerationRequest.InitialImage));
        }

        if (!TensorPrimitives.IsFiniteAll(image.Values()))
        {
            throw new ArgumentException("The initial image has values that are not finite numbers.", nameof(GenerationRequest.InitialImage));
        }

        return ((int)image.Lengths[2], (int)image.Lengths[3]);
    }

    /// <summary>Throws where a mask does not belong to the request's picture, or has values out of [0, 1].</summary>
    public static void RequireMask(GenerationRequest request)
    {
        if (request.Mask is not { } mask)
        {
            return;
        }

        if (request.InitialImage is not { } image)
        {
            throw new ArgumentException($"A mask says where a picture is drawn anew, but there is no picture: set {nameof(request.InitialImage)}.", nameof(request.Mask));
        }

        if (mask.Rank != 4 || mask.Lengths[0] != 1 || mask.Lengths[1] != 1 || !mask.Lengths[2..].SequenceEqual(image.Lengths[2..]))
        {
            throw new ArgumentException($"The mask has the shape {mask.ShapeText()}, but that of a picture of shape {image.ShapeText()} must be [1, 1, {image.Lengths[2]}, {image.Lengths[3]}].", nameof(request.Mask));
        }

        foreach (float value in mask.Values())
        {
            if (!(value is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(request.Mask), value, "The values of a mask must be in [0, 1]: 1 draws anew, 0 keeps.");
            }
        }
    }
}
