using System.Numerics.Tensors;

namespace DiffusionSharp.Studio.Tests.Support;

/// <summary>Pictures that the page saves, side by side.</summary>
internal static class Pictures
{
    /// <summary>How many values differ in the left half and in the right one.</summary>
    public static (int Left, int Right) Differences(byte[] first, byte[] second)
    {
        (Tensor<float> a, Tensor<float> b) = (SavedPictures.Pixels(first), SavedPictures.Pixels(second));
        int width = (int)a.Lengths[3];
        (int left, int right) = (0, 0);
        for (int i = 0; i < a.FlattenedLength; i++)
        {
            int differs = a.Values()[i] != b.Values()[i] ? 1 : 0;
            (left, right) = i % width < width / 2 ? (left + differs, right) : (left, right + differs);
        }

        return (left, right);
    }
}
