using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp;

/// <summary>Checks the pictures, masks and latents of a request.</summary>
internal static class PictureChecks
{
    /// <summary>Throws where pictures are not of finite numbers.</summary>
    /// <returns>Their height and width.</returns>
    public static (int Height, int Width) RequirePicture(Tensor<float> image)
    {
        if (image.Rank != 4 || image.IsEmpty)
        {
            throw new ArgumentException($"The initial image has the shape {image.ShapeText()}, but it must be [1, channels, height, width].", nameof(GenerationRequest.InitialImage));
        }

        if (!TensorPrimitives.IsFiniteAll(image.Values()))
        {
            throw new ArgumentException("The initial image has values that are not finite numbers.", nameof(GenerationRequest.InitialImage));
        }

        return ((int)image.Lengths[2], (int)image.Lengths[3]);
    }

    /// <summary>Throws where there are neither one picture nor one for each of the request's, where a mask does not belong to them, or has values out of [0, 1].</summary>
    public static void RequireMask(GenerationRequest request)
    {
        RequireRows(nameof(request.InitialImage), "initial image", request.InitialImage, request.Count);
        if (request.Mask is not { } mask)
        {
            return;
        }

        if (request.InitialImage is not { } image)
        {
            throw new ArgumentException($"A mask says where a picture is drawn anew, but there is no picture: set {nameof(request.InitialImage)}.", nameof(request.Mask));
        }

        if (mask.Rank != 4 || mask.Lengths[1] != 1 || !mask.Lengths[2..].SequenceEqual(image.Lengths[2..]))
        {
            throw new ArgumentException($"The mask has the shape {mask.ShapeText()}, but that of a picture of shape {image.ShapeText()} must be [1, 1, {image.Lengths[2]}, {image.Lengths[3]}].", nameof(request.Mask));
        }

        RequireRows(nameof(request.Mask), "mask", mask, request.Count);
        foreach (float value in mask.Values())
        {
            if (!(value is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(request.Mask), value, "The values of a mask must be in [0, 1]: 1 draws anew, 0 keeps.");
            }
        }
    }

    /// <summary>Throws where initial latents are not of the sample's shape, or stand beside a picture.</summary>
    public static void RequireLatents(GenerationRequest request, SampleShape shape)
    {
        if (request.InitialLatents is not { } latents)
        {
            return;
        }

        if (request.InitialImage is not null)
        {
            throw new ArgumentException($"{nameof(request.InitialImage)} and {nameof(request.InitialLatents)} both say what to start from: set one of them.", nameof(request.InitialLatents));
        }

        if (latents.Rank != 4 || !latents.Lengths[1..].SequenceEqual(shape.ToLengths().AsSpan(1)))
        {
            throw new ArgumentException($"The initial latents have the shape {latents.ShapeText()}, but the sample of this request is {shape}.", nameof(request.InitialLatents));
        }

        RequireRows(nameof(request.InitialLatents), "initial latents", latents, request.Count);
        if (!TensorPrimitives.IsFiniteAll(latents.Values()))
        {
            throw new ArgumentException("The initial latents have values that are not finite numbers.", nameof(request.InitialLatents));
        }
    }

    private static void RequireRows(string name, string what, Tensor<float>? tensor, int count)
    {
        if (tensor is not null && tensor.Lengths[0] != 1 && tensor.Lengths[0] != count)
        {
            throw new ArgumentException($"The {what} has the shape {tensor.ShapeText()}, but the request is for {count} pictures: its first dimension must be 1{(count == 1 ? "" : $" or {count}")}.", name);
        }
    }
}
