namespace SixLabors.ImageSharp;

/// <summary>Bytes or a file extension of a format that is not known.</summary>
public sealed class UnknownImageFormatException(string errorMessage) : ImageFormatException(errorMessage);
