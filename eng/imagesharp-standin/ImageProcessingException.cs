namespace SixLabors.ImageSharp;

/// <summary>An operation that makes no sense on this image.</summary>
public sealed class ImageProcessingException(string errorMessage) : Exception(errorMessage);
