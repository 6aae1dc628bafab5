using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Pictures;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Pictures;

public sealed class PanelBlendTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(0.4, 0.3, 3)]
    [InlineData(2, 4, 0.1)]
    public void Each_pixel_is_what_its_four_places_make_of_it(double x, double y, double z)
    {
        Random random = new(7);
        VoxelGrid grid = new(new VoxelShape(30, 25, 20), new Affine(new(x, 0, 0), new(0, y, 0), new(0, 0, z), default), AffineSource.Sform, new(x, y, z));
        SpineMeasurement measured = new(grid, new Dictionary<int, Vector3d>());
        measured.Add([new LabelRun(20, 5, 5, 5, 1), new LabelRun(20, 20, 20, 15, 1)]);
        measured.Finish();
        PictureSamples samples = new(new PictureLayout(measured.Located(), grid));
        samples.Take([], new(1, 0));
        for (int at = 0; at < 2; at++)
        {
            PicturePanel panel = samples.Layout.Panels[at];
            foreach (ref byte label in samples.Labels(at)) label = (byte)(random.Next(3) == 0 ? random.Next(20, 23) : 0);
            foreach (ref byte value in samples.Values(at)) value = (byte)(random.Next(6) == 0 ? PictureSamples.NoValue : random.Next(1, 256));
            PanelBlend blend = new(samples, at);
            byte[] labels = new byte[panel.Width];
            ushort[] values = new ushort[panel.Width];
            (int Place, int Beyond)[] columns = panel.Columns(), rows = panel.Rows(), shared = panel.SharedRows();
            Assert.Equal(z >= 1 ? (panel.Height + 1) / 2 : panel.Height, shared.Length);
            for (int row = 0; row < panel.Height; row++)
            {
                blend.Labels(row, labels);
                blend.Values(row / panel.RowsShared, values);
                for (int column = 0; column < panel.Width; column++)
                {
                    (int Place, long Weight)[] around = Around(columns[column], rows[row], panel.PlacesAcross);
                    IEnumerable<IGrouping<byte, (int Place, long Weight)>> shares = around.GroupBy(one => samples.Labels(at)[one.Place]);
                    // of equal shares the first, as grouping leaves them
                    Assert.Equal(shares.MaxBy(share => share.Sum(one => one.Weight))!.Key, labels[column]);
                    // rows that share values are asked for where they meet
                    (int Place, long Weight)[] known = [.. Around(columns[column], shared[row / panel.RowsShared], panel.PlacesAcross)
                        .Where(one => samples.Values(at)[one.Place] != PictureSamples.NoValue)];
                    long weight = known.Sum(one => one.Weight);
                    if (weight == 0) Assert.Equal(PictureSamples.NoValue, values[column]);
                    else Assert.InRange(values[column] - known.Sum(one => one.Weight * samples.Values(at)[one.Place]) / (double)weight, -1.0, 1.0);
                }
            }
        }
    }

    private static (int Place, long Weight)[] Around((int Place, int Beyond) over, (int Place, int Beyond) up, int across)
    {
        int place = up.Place * across + over.Place;
        return
        [
            (place, (256 - over.Beyond) * (256 - up.Beyond)), (place + 1, over.Beyond * (256 - up.Beyond)),
            (place + across, (256 - over.Beyond) * up.Beyond), (place + across + 1, over.Beyond * up.Beyond),
        ];
    }
}
