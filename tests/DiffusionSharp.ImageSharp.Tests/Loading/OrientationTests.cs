using System.Numerics.Tensors;
using System.Text;
using DiffusionSharp.ImageSharp.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Tests.Loading;

/// <summary>A photo is stored as the camera held it and says which side is up (CIPA DC-008, Orientation).</summary>
public class OrientationTests
{
    private const int Block = 16;
    private const int Columns = 3;
    private const int Rows = 2;

    public static IEnumerable<object[]> All =>
        from format in new[] { "png", "jpeg", "webp" } from orientation in Enumerable.Range(1, 8) select new object[] { format, orientation };

    [Theory]
    [MemberData(nameof(All))]
    public void Pictures_come_in_upright(string format, int orientation)
    {
        // Six blocks of different grays, so that JPEG, too, keeps them apart.
        using var photo = new Image<Rgb24>(Columns * Block, Rows * Block);
        for (int y = 0; y < photo.Height; y++)
        {
            for (int x = 0; x < photo.Width; x++)
            {
                byte gray = Gray(y / Block, x / Block);
                photo[x, y] = new Rgb24(gray, gray, gray);
            }
        }

        photo.Metadata.ExifProfile = new ExifProfile();
        photo.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)orientation);
        using var stream = new MemoryStream();
        photo.Save(stream, Encoder(format));

        stream.Position = 0;
        Tensor<float> picture = ImageTensors.Load(stream, ImageFit.ToMultipleOf(Block));
        (int rows, int columns) = orientation < 5 ? (Rows, Columns) : (Columns, Rows);
        Assert.Equal([1, 3, rows * Block, columns * Block], picture.Lengths.ToArray());
        foreach ((int row, int column, int y, int x) in Places(orientation))
        {
            float value = picture[0, 1, (y * Block) + (Block / 2), (x * Block) + (Block / 2)];
            Assert.Equal(Gray(row, column), (value + 1) * 127.5f, 4f);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Masks_are_turned_as_their_pictures_are(int orientation)
    {
        // Only the upper left pixel repaints.
        byte[] png = PngBytes.Write(Columns, Rows, 1, [255, 0, 0, 0, 0, 0], ("eXIf", ExifBytes.WithOrientation(orientation)));
        (int rows, int columns) = orientation < 5 ? (Rows, Columns) : (Columns, Rows);
        Tensor<float> mask = ImageTensors.LoadMask(new MemoryStream(png), columns, rows);
        (_, _, int y, int x) = Places(orientation).First();
        Assert.Equal(1, mask[0, 0, y, x]);
        Assert.Equal(1, TensorPrimitives.Sum(mask.Values()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_byte_order_is_read(bool bigEndian) => Assert.Equal((2, 3), SizeWith(("eXIf", ExifBytes.WithOrientation(6, bigEndian))));

    [Fact]
    public void Structures_with_the_prefix_of_JPEG_are_read_everywhere() =>
        Assert.Equal((2, 3), SizeWith(("eXIf", [.. "Exif\0\0"u8, .. ExifBytes.WithOrientation(6)])));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(65535)]
    public void An_orientation_that_does_not_exist_turns_nothing(int orientation) => Assert.Equal((3, 2), SizeWith(("eXIf", ExifBytes.WithOrientation(orientation))));

    [Fact]
    public void A_damaged_structure_turns_nothing()
    {
        byte[] exif = ExifBytes.WithOrientation(6);
        for (int length = 0; length < 18; length++)
        {
            Assert.Equal((3, 2), SizeWith(("eXIf", exif[..length])));
        }

        byte[] farAway = [.. exif];
        farAway.AsSpan(4, 4).Fill(0xFF);
        Assert.Equal((3, 2), SizeWith(("eXIf", farAway)));
    }

    [Theory]
    [InlineData("<rdf:Description rdf:about='' xmlns:tiff='http://ns.adobe.com/tiff/1.0/' tiff:Orientation='6'/>")]
    [InlineData("<rdf:Description rdf:about='' xmlns:tiff='http://ns.adobe.com/tiff/1.0/'><tiff:Orientation>6</tiff:Orientation></rdf:Description>")]
    public void XMP_says_it_where_EXIF_does_not(string description)
    {
        (string, byte[]) xmp = ("iTXt", Encoding.UTF8.GetBytes($"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>{description}</rdf:RDF></x:xmpmeta>"));
        Assert.Equal((2, 3), SizeWith(xmp));
        Assert.Equal((3, 2), SizeWith(xmp, ("eXIf", ExifBytes.WithOrientation(1))));
    }

    private static (int Width, int Height) SizeWith(params (string, byte[])[] chunks)
    {
        byte[] png = PngBytes.Write(Columns, Rows, 1, new byte[Columns * Rows], chunks);
        Tensor<float> picture = ImageTensors.Load(new MemoryStream(png), ImageFit.ToMultipleOf(1));
        return ((int)picture.Lengths[3], (int)picture.Lengths[2]);
    }

    private static byte Gray(int row, int column) => (byte)(20 + (40 * ((row * Columns) + column)));

    /// <summary>Each stored place, and where it belongs by the definition: which sides the first row and the first column are.</summary>
    private static IEnumerable<(int Row, int Column, int Y, int X)> Places(int orientation) =>
        from row in Enumerable.Range(0, Rows)
        from column in Enumerable.Range(0, Columns)
        let place = orientation switch
        {
            1 => (row, column), // top, left
            2 => (row, Columns - 1 - column), // top, right
            3 => (Rows - 1 - row, Columns - 1 - column), // bottom, right
            4 => (Rows - 1 - row, column), // bottom, left
            5 => (column, row), // left, top
            6 => (column, Rows - 1 - row), // right, top
            7 => (Columns - 1 - column, Rows - 1 - row), // right, bottom
            _ => (Columns - 1 - column, row), // left, bottom
        }
        select (row, column, place.Item1, place.Item2);

    private static IImageEncoder Encoder(string format) => format switch
    {
        "png" => new PngEncoder(),
        "jpeg" => new JpegEncoder { Quality = 95 },
        _ => new WebpEncoder { FileFormat = WebpFileFormatType.Lossless },
    };
}
